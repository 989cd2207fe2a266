import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CountersignError } from '../../client/error.js';
import { environment, StartupError } from '../../config.js';
import { DomainError } from '../../kernel/errors.js';

/** What a command may see of the process it runs in. Tests hand over their own. */
export interface Terminal {
  /** Takes what the command was asked for, and nothing else. */
  readonly stdout: { write(text: string): unknown };
  /** Takes progress, and what went wrong. */
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A command: takes its arguments, and gives the exit code. */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<number>;

/** The command cannot do what was asked. The message is complete; it is shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Somebody asked how the command is used. The message is the usage; it goes to stdout, and is no failure. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

const HELP = ['--help', '-h'];

/** Reads options with `parseArgs`; a wrong one becomes a CommandError that ends in the usage. @throws HelpAsked */
export function readFlags<const Options extends ParseArgsConfig>(
  options: Options,
  usage: string,
): ReturnType<typeof parseArgs<Options>> {
  if (options.args?.some((argument) => HELP.includes(argument))) throw new HelpAsked(usage);
  try {
    return parseArgs(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(`${error.message}\n${usage}`, { cause: error });
  }
}

/**
 * Runs a command. What a user can get wrong ends in its message on stderr and exit code 1; anything else is a mistake
 * of ours and is thrown on.
 */
export async function run(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await command(argv, terminal);
  } catch (error) {
    if (error instanceof HelpAsked) {
      terminal.stdout.write(`${error.message}\n`);
      return 0;
    }
    if (!isExpected(error)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Runs a command as this process: with its arguments, streams and environment. */
export async function runAsProcess(command: Command): Promise<void> {
  const { stdout, stderr, argv } = process;
  process.exitCode = await run(command, argv.slice(2), { stdout, stderr, environment: environment() });
}

const isExpected = (error: unknown): error is Error =>
  [CommandError, StartupError, DomainError, CountersignError].some((expected) => error instanceof expected);
