import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/kernel/errors.js';
import { settings } from '../../src/settings.js';
import { projectFiles, read } from './tree.js';

/** The cells of the rows of the first table in a text. */
function firstTable(text: string): string[][] {
  const table = text.split('\n\n').find((block) => block.startsWith('| ')) ?? '';
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands below the first heading, or behind the first words, that a document has of these. */
const behind = (document: string, words: string): string => document.split(words)[1] ?? '';
const names = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const sources = projectFiles().filter((path) => path.startsWith('src/') && path.endsWith('.ts'));

describe('docs/ARCHITECTURE.md', () => {
  const architecture = read('docs/ARCHITECTURE.md');

  it('lists every file that runs something past row-level security, and no other', () => {
    const listed = firstTable(behind(architecture, 'as the server itself')).flatMap(([file]) => names(file));
    const callers = sources.filter((path) => /\.asServer\(/.test(read(path)));
    expect(callers.length).toBeGreaterThan(10);
    expect(listed.toSorted()).toEqual(callers.toSorted());
  });

  it('says of every feature what it decides or keeps', () => {
    const listed = firstTable(behind(architecture, 'sees it caught.')).map(([feature]) => feature);
    const folders = new Set(sources.flatMap((path) => /^src\/features\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect(folders.size).toBeGreaterThan(10);
    expect(listed.toSorted()).toEqual([...folders].toSorted());
  });

  it('has a room for every file and folder of src', () => {
    const rooms = new Set(sources.map((path) => path.split('/').slice(0, 2).join('/')));
    const block = behind(architecture, '## Rooms').split('```')[1] ?? '';
    expect(rooms.size).toBeGreaterThan(8);
    expect([...rooms].filter((room) => !block.includes(room))).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = read('README.md');

  it('says what every error code means, and names none that does not exist', () => {
    const listed = firstTable(behind(readme, 'in `extensions.code`:')).flatMap(([code]) => names(code));
    expect(listed.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it('names settings that exist, with the default that they have', () => {
    const rows = firstTable(behind(readme, '\n## Settings\n'));
    expect(rows.length).toBeGreaterThan(3);
    for (const [setting, given] of rows) {
      for (const name of names(setting)) {
        expect(Object.keys(settings)).toContain(name);
        const byDefault: unknown = settings[name as keyof typeof settings].schema.parse(undefined);
        const isNone = byDefault === undefined || (Array.isArray(byDefault) && byDefault.length === 0);
        if (isNone) expect(given, name).toMatch(/^(none|made)/);
        else expect(names(given)[0], name).toBe(String(byDefault));
      }
    }
  });
});

describe('docs/GLOSSARY.md', () => {
  const words = firstTable(read('docs/GLOSSARY.md')).map(([word = '']) => word);

  it('is in alphabetical order', () => {
    expect(words.length).toBeGreaterThan(50);
    expect(words).toEqual(words.toSorted((one, other) => one.localeCompare(other, 'en')));
  });

  it('explains each word once', () => {
    expect(words.length).toBe(new Set(words).size);
  });
});
