import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CruiseResult, copyTree, cruise, root, sourceFiles, type TreeCopy } from './cruise.js';
import { PLANTED_GROUND, PLANTED_VIOLATIONS } from './planted-violations.js';

const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: readonly { name: string; severity: string; comment: string }[];
};

describe('the dependency rules', () => {
  let copy: TreeCopy;
  let files: number;
  let clean: CruiseResult;
  let violated: CruiseResult;

  beforeAll(() => {
    copy = copyTree();
    files = sourceFiles(copy.folder).length;
    clean = cruise(copy.folder);
    const planted = [
      ...PLANTED_GROUND,
      ...PLANTED_VIOLATIONS,
      ...PLANTED_VIOLATIONS.flatMap((one) => one.beside ?? []),
    ];
    for (const { file, content } of planted) copy.plant(file, content);
    violated = cruise(copy.folder);
  });
  afterAll(() => copy?.remove());

  it('hold in the tree as it is', () => {
    expect(clean.output).toContain('no dependency violations found');
    expect(clean.exitCode).toBe(0);
  });

  it('look at every source file: passing on nothing is how a wrong TypeScript shows', () => {
    expect(files).toBeGreaterThan(0);
    expect(clean.modules).toBeGreaterThanOrEqual(files);
  });

  it('fail the command when one is broken', () => {
    expect(violated.exitCode).not.toBe(0);
  });

  it.each(PLANTED_VIOLATIONS)('$rule refuses $file', ({ rule, file }) => {
    expect(violated.output.split('\n')).toContainEqual(expect.stringMatching(`error ${rule}: ${file}(:| |$)`));
  });

  it('refuse nothing that is well built', () => {
    const wrongly = PLANTED_GROUND.filter(({ file }) => violated.output.includes(`: ${file}`));
    expect(wrongly).toEqual([]);
  });

  it('are each shown able to fail, each an error, each with its reason', () => {
    expect(new Set(forbidden.map((rule) => rule.name))).toEqual(new Set(PLANTED_VIOLATIONS.map(({ rule }) => rule)));
    for (const rule of forbidden) {
      expect(rule, rule.name).toMatchObject({ severity: 'error', comment: expect.stringMatching(/\w{3}/) });
    }
  });
});
