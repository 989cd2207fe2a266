import 'reflect-metadata';
import { graphql, printSchema } from 'graphql';
import { systemClock } from '../../src/kernel/clock.js';
import { type ApprovalsData, DOCUMENT, type Fixture, ROWS } from './fixture.js';
import { inMemoryApi } from './in-memory.js';

/** What every contestant is to serve, as graphql-js itself answers it. */
export default async function describe(): Promise<Fixture> {
  const { schema, contextFor, token } = await inMemoryApi(systemClock);
  const { data, errors } = await graphql({
    schema,
    source: DOCUMENT,
    contextValue: await contextFor(`Bearer ${token}`),
    variableValues: { first: ROWS },
  });
  if (errors) throw new AggregateError(errors, 'the fixture does not answer');
  return { sdl: printSchema(schema), data: data as unknown as ApprovalsData };
}
