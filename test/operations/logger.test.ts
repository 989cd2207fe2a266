import { describe, expect, test } from 'vitest';
import { createLogger, describeError } from '../../src/platform/telemetry/logger.js';

const written = (fields: object, message = 'said'): string => {
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  const logger = createLogger({ level: 'trace', destination: { write } });
  logger.info(fields, message);
  return text;
};

describe('the second net under the log', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl';
  test.each([
    ['a token', { note: `sent ${token} twice` }, token],
    ['an API key', { note: 'csk_abc123_0123456789abcdef' }, 'csk_'],
    ['a bearer', { note: 'authorization: Bearer abc.def' }, 'abc.def'],
    ['a database address', { note: 'cannot reach postgresql://u:pw@host/x' }, 'u:pw'],
    ['a mail server’s address', { note: 'smtps://post:pw@mail.example' }, 'post:pw'],
    ['a field named like a secret', { request: { authorization: 'x-1234' } }, 'x-1234'],
    ['a payload', { payload: { text: 'Dear Kim' } }, 'Dear Kim'],
  ])('hides %s', (_what, fields, hidden) => {
    expect(written(fields)).not.toContain(hidden);
    expect(written({}, 'note' in fields ? fields.note : '')).not.toContain(hidden);
    expect(JSON.parse(written(fields))).toMatchObject({ msg: 'said' });
  });

  test('leaves ordinary text alone', () => {
    expect(written({ route: '/graphql', url: 'https://example.com/a' }, 'request')).toContain('https://example.com/a');
  });
});

describe('an error in the log', () => {
  test('keeps what names things of ours, and no value: not in the message, nor beside it, nor in its causes', () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "account_pkey"'), {
      code: '23505',
      constraint: 'account_pkey',
      detail: 'Key (domain)=(kim.example) already exists.',
      params: ['kim.example'],
    });
    const error = new AggregateError([cause], `insert into account values ('kim.example') failed`, { cause });
    const described = describeError(error);
    expect(JSON.stringify(described)).not.toContain('kim.example');
    expect(described).toMatchObject({
      type: 'AggregateError',
      message: 'insert into account values ("…") failed',
      cause: { code: '23505', constraint: 'account_pkey' },
      errors: [{ code: '23505' }],
    });
    expect(describeError('kim.example')).toBe('a thrown string');
  });

  test('ends, also where causes go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"type"/g)).toHaveLength(6);
  });
});
