import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from './cruise.js';

/** The source's tokens, one space between them, so that what a comment or a message says is not taken for code. */
function codeOf(source: string): string {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) for (const child of children) visit(child);
    else if (ts.isStringLiteralLike(node)) tokens.push(`'${node.text}'`);
    else if (!ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node)) tokens.push(node.getText(file));
  };
  visit(file);
  return tokens.filter((token) => token !== '').join(' ');
}

const READS_ENVIRONMENT = [
  /\bprocess (\?\. )?(\. )?env\b/,
  /\bprocess (\?\. )?\[/,
  /\{[^{}]*\benv\b[^{}]*\} = process\b/,
  /'(node:)?process'/,
  /\bimport \. meta \. env\b/,
];
const READS_CLOCK_OR_CHANCE = [
  /\bDate \. now\b/,
  /\bnew Date (\( \)|[^ (])/,
  /\bDate \( \)/,
  /\bperformance \. now\b/,
  /\bMath \. random\b/,
  /\brandom(UUID|Bytes|Int)\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
];

const findIn = (path: string, forbidden: readonly RegExp[]): string[] => {
  const code = codeOf(readFileSync(join(root, path), 'utf8'));
  return forbidden.flatMap((pattern) => pattern.exec(code)?.[0] ?? []).map((found) => `${path}: ${found}`);
};

const all = sourceFiles(root).filter((path) => path.startsWith('src/'));

describe('the environment', () => {
  it('is read by config.ts alone', () => {
    const elsewhere = all.filter((path) => path !== 'src/config.ts');
    expect(elsewhere.length).toBeGreaterThan(0);
    expect(elsewhere.flatMap((path) => findIn(path, READS_ENVIRONMENT))).toEqual([]);
  });

  it.each([
    'const a = process.env.PORT;',
    'const a = process . env["PORT"];',
    'const a = process?.env;',
    "const a = process['env'];",
    'const { env } = process;',
    'const { env: settings, argv } = process;',
    "import { env } from 'node:process';",
    "import p from 'process';",
    `const a = \`\${one}\`; const b = process.env; const c = \`\${two}\`;`,
    "const a = /'/; const b = process.env;",
  ])('would be found in: %s', (source) => {
    expect(READS_ENVIRONMENT.some((pattern) => pattern.test(codeOf(source)))).toBe(true);
  });

  it.each([
    '// process.env is read elsewhere\nconst a = 1;',
    "const a = 'see process.env';",
    'process.exit(1);',
    'const { stdout } = process;',
  ])('is not found in: %s', (source) => {
    expect(READS_ENVIRONMENT.some((pattern) => pattern.test(codeOf(source)))).toBe(false);
  });
});

describe('the domain', () => {
  const domain = all.filter((path) => /^src\/features\/[^/]+\/domain\//.test(path));

  it('takes time as data, and leaves nothing to chance', () => {
    expect(domain.length).toBeGreaterThan(0);
    expect(domain.flatMap((path) => findIn(path, READS_CLOCK_OR_CHANCE))).toEqual([]);
  });

  it.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = new Date;',
    'const a = Math.random();',
    'setTimeout(run, 5);',
  ])('would be caught at: %s', (source) => {
    expect(READS_CLOCK_OR_CHANCE.some((pattern) => pattern.test(codeOf(source)))).toBe(true);
  });

  it.each(['const a = new Date(now.getTime() + 1);', '/** Never Date.now() */ const a = (now: Date) => now;'])(
    'is left alone at: %s',
    (source) => {
      expect(READS_CLOCK_OR_CHANCE.some((pattern) => pattern.test(codeOf(source)))).toBe(false);
    },
  );
});
