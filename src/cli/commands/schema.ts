import { writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { describeApi } from '../../compose/index.js';
import { type Command, CommandError, readFlags } from './terminal.js';

const USAGE = 'Usage: npm run schema [-- <file>]';
const HEADER = '# Generated from the resolvers by `npm run schema`. Do not edit.\n\n';

/** Writes the schema, descriptions included and sorted, to a file: `./schema.graphql` unless another is named. */
export const writeSchema: Command = async (argv, { stderr }) => {
  const { positionals } = readFlags({ args: [...argv], allowPositionals: true }, USAGE);
  const [path = 'schema.graphql', ...rest] = positionals;
  if (rest.length > 0) throw new CommandError(`Expected one file, got ${positionals.length}.\n${USAGE}`);
  const text = `${HEADER}${printSchema(lexicographicSortSchema(await describeApi()))}\n`;
  await writeFile(path, text).catch((cause: Error) => {
    throw new CommandError(`${path}: expected a file that can be written; ${cause.message}`, { cause });
  });
  stderr.write(`Wrote ${path}.\n`);
  return 0;
};
