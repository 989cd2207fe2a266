import { writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { describeApi } from '../../app.js';
import { type Command, CommandError } from './terminal.js';

const HEADER = '# Generated from the resolvers by `npm run schema`. Do not edit.\n\n';

/** Writes the schema, descriptions included and sorted, to a file: `./schema.graphql` unless another is named. */
export const writeSchema: Command = async ([path = 'schema.graphql', ...rest], { stderr }) => {
  if (rest.length > 0) throw new CommandError('Usage: npm run schema [-- <file>]');
  const text = `${HEADER}${printSchema(lexicographicSortSchema(await describeApi()))}\n`;
  await writeFile(path, text).catch((cause: Error) => {
    throw new CommandError(`${path}: expected a file that can be written; ${cause.message}`, { cause });
  });
  stderr.write(`Wrote ${path}.\n`);
  return 0;
};
