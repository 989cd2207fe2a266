import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../src/settings.js';
import { startTestServer, type TestServer } from '../support/server.js';

const operations = readFileSync('docs/OPERATIONS.md', 'utf8');

/** The cells of the rows of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const section = operations.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const table = section.split('\n\n').find((block) => block.startsWith('| ')) ?? '';
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const names = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe('docs/OPERATIONS.md', () => {
  test('has one row for each setting, with the default that the code has', () => {
    const rows = tableBelow('Settings');
    expect(rows.map(([name]) => names(name)[0]).sort()).toEqual(Object.keys(settings).sort());
    for (const [name, given, meaning] of rows) {
      const key = names(name)[0] as keyof typeof settings;
      const parsed: unknown = settings[key].schema.parse(undefined);
      const [written] = names(given);
      if (parsed === undefined || (Array.isArray(parsed) && parsed.length === 0)) {
        expect(given, key).toMatch(/^(none|for ever|made|see|`)/);
      } else expect(written, key).toBe(String(parsed));
      expect(meaning?.length, key).toBeGreaterThan(10);
    }
  });

  describe('and metrics', () => {
    let server: TestServer;
    let served: string[];
    beforeAll(async () => {
      server = await startTestServer({ kind: 'postgres' });
      const text = await (await fetch(`${server.url}/metrics`)).text();
      served = [...text.matchAll(/^# TYPE (countersign_\S+) /gm)].map(([, name = '']) => name);
    });
    afterAll(() => server.close());

    test('lists those that are served, all of them and no other', () => {
      const listed = tableBelow('Metrics').flatMap(([name]) => names(name));
      expect(listed.map((name) => `countersign_${name}`).sort()).toEqual([...served].sort());
    });

    test('the alert rules ask for metrics that are served', () => {
      const { groups } = parse(readFileSync('samples/prometheus/alerts.yml', 'utf8')) as {
        groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
      };
      const rules = groups.flatMap(({ rules }) => rules);
      expect(rules.length).toBeGreaterThan(5);
      const asked = rules.flatMap(({ expr }) => expr.match(/countersign_\w+/g) ?? []);
      expect(asked.length).toBeGreaterThan(5);
      expect(asked.filter((name) => !served.includes(name))).toEqual([]);
    });
  });

  test('names files that exist', () => {
    const links = [...operations.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links)
      expect(() => readFileSync(`docs/${path.replace(/prometheus$/, 'prometheus/alerts.yml')}`)).not.toThrow();
  });
});
