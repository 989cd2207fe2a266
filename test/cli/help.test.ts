import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/cli/commands/audit-verify.js';
import { walkThrough } from '../../src/cli/commands/demo.js';
import { runImport } from '../../src/cli/commands/import.js';
import { writeSchema } from '../../src/cli/commands/schema.js';
import { manageTenants } from '../../src/cli/commands/tenant.js';
import { type Command, run } from '../../src/cli/commands/terminal.js';
import { printToken } from '../../src/cli/commands/token.js';
import { recordedTerminal } from './recorded-terminal.js';

const COMMANDS: readonly [name: string, command: Command][] = [
  ['import', runImport],
  ['demo', walkThrough],
  ['tenant', manageTenants],
  ['token', printToken],
  ['audit:verify', verifyAudit],
  ['schema', writeSchema],
];

describe.each(COMMANDS)('npm run %s', (name, command) => {
  it.each([[['--help']], [['-h']], [['--tenant', 'demo', '--help']]])(
    'says how it is used, and no more: %j',
    async (argv) => {
      // Settings that would stop anything that looks at them.
      const terminal = recordedTerminal({ PORT: 'none' });
      expect(await run(command, argv, terminal)).toBe(0);
      expect(terminal.out()).toMatch(new RegExp(`^Usage: npm run (-s )?${name} `));
      expect(terminal.err()).toBe('');
    },
  );
});
