import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest, projectFiles, read, root } from './tree.js';

describe('the gates', () => {
  const gates = read('.ci/run');

  it('can be started as a command', () => {
    expect(() => accessSync(join(root, '.ci/run'), constants.X_OK)).not.toThrow();
    expect(gates).toMatch(/^#!.*\n(#.*\n)*set -euo pipefail\n/);
  });

  it('run scripts that exist', () => {
    const named = [...gates.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1]);
    expect(named).not.toEqual([]);
    expect(Object.keys(manifest().scripts)).toEqual(expect.arrayContaining(named));
  });

  it.each(['typecheck', 'lint', 'arch', 'check:generated', 'build', 'test:browser'])(
    'leave out no gate: %s',
    (script) => {
      expect(gates).toMatch(new RegExp(`npm run (-s )?${script}\\b`));
    },
  );

  it('find in the README the command that they run', () => {
    expect(read('README.md')).toMatch(/^<!-- test command -->\n+```[a-z]*\n(.*\n)*?.*npm test\n```$/m);
  });
});

describe('the scripts', () => {
  const { scripts } = manifest();

  it('use files that exist, or that the build makes from ones that do', () => {
    const files = projectFiles();
    const used = Object.values(scripts).flatMap((line) => line.match(/[\w./-]+\.(?:mjs|[jt]s|json|yml)\b/g) ?? []);
    const sources = used.map((path) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
    expect(sources).toContain('src/main.ts');
    expect(sources.filter((path) => !files.includes(path))).toEqual([]);
  });

  it.each(['token', 'import', 'demo', 'start'])('%s builds first, so that it works in a fresh clone', (name) => {
    const line = `${scripts[`pre${name}`] ?? ''} ${scripts[name]}`;
    expect(line).toMatch(/tsc -p tsconfig\.build\.json &&|npm run -s build/);
  });

  it.each(['start', 'dev'])(
    '%s takes the place of its shell: a signal sent to npm would else leave it running',
    (name) => {
      // On Windows "exec" is not a command, and the second half runs.
      expect(scripts[name]).toMatch(/^exec (node \S+) \|\| \1$/);
    },
  );
});
