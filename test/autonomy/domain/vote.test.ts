import { describe, expect, test } from 'vitest';
import { countingVotes, earlierVote, holdsOneOf, seenBy } from '../../../src/features/autonomy/domain/vote.js';
import { castOf, later, voteOf } from './recorded.js';

describe('who may hold a role', () => {
  test.each([
    ['of whom nothing is laid down', undefined, true],
    ['of whom no roles are laid down', { roles: null, suspended: false }, true],
    ['who holds one of them', { roles: ['agent' as const, 'admin' as const], suspended: false }, true],
    ['who holds none of them', { roles: ['agent' as const, 'approver' as const], suspended: false }, false],
    ['who holds nothing', { roles: [], suspended: false }, false],
    ['who is suspended', { roles: ['admin' as const], suspended: true }, false],
    ['who is suspended, whatever roles the token names', { roles: null, suspended: true }, false],
  ])('somebody %s', (_what, standing, may) => {
    expect(holdsOneOf(['manager', 'admin'], standing)).toBe(may);
  });
});

describe('a vote counts', () => {
  const counts = (vote: Parameters<typeof castOf>[0], more: Parameters<typeof castOf>[1] = {}) =>
    countingVotes([castOf(vote, more)], 'digest').length === 1;

  test('when it approves exactly this text, by a right that still holds', () => {
    expect(counts({})).toBe(true);
    expect(counts({ verdict: 'rejected' })).toBe(false);
    expect(counts({ digest: 'another' })).toBe(false);
    expect(counts({}, { isTakenBack: true })).toBe(false);
  });

  test('when the voter may decide on anything at all', () => {
    expect(counts({ role: 'admin' }, { voter: { roles: ['approver'], suspended: false } })).toBe(true);
    expect(counts({}, { voter: { roles: ['agent'], suspended: false } })).toBe(false);
    expect(counts({}, { voter: { roles: null, suspended: true } })).toBe(false);
  });

  test('when who was entitled holds that role still, or a stronger one', () => {
    expect(counts({ role: 'manager' }, { entitled: { roles: ['manager'], suspended: false } })).toBe(true);
    expect(counts({ role: 'manager' }, { entitled: { roles: ['admin'], suspended: false } })).toBe(true);
    expect(counts({ role: 'manager' }, { entitled: { roles: ['approver'], suspended: false } })).toBe(false);
    expect(counts({ role: 'manager' }, { entitled: { roles: null, suspended: true } })).toBe(false);
  });
});

describe('what those who signed can have known', () => {
  test('is what each of those whose votes count had seen', () => {
    const votes = [
      castOf({ at: later(3) }),
      castOf({ at: later(2) }),
      castOf({ at: later(1), digest: 'another' }),
      castOf({ at: later(4) }),
    ];
    expect(seenBy(votes, 'digest').map(({ at }) => at)).toEqual([later(3), later(2), later(4)]);
  });

  test('is nothing where nobody signed', () => {
    expect(seenBy([castOf({ verdict: 'rejected' })], 'digest')).toEqual([]);
    expect(seenBy([], 'digest')).toEqual([]);
  });
});

describe('a vote given before by somebody behind the last one', () => {
  const named = (names: readonly string[], more: Parameters<typeof voteOf>[0] = {}) => ({
    vote: voteOf({ voter: names[0] ?? '', ...more }),
    names,
  });

  test('is found under any name in common, in whatever case', () => {
    const earlier = named(['ana-token', 'Ana']);
    expect(earlierVote([named(['cleo']), earlier, named(['ana'])])).toBe(earlier.vote);
    expect(earlierVote([earlier, named(['cleo']), named(['ben', 'ANA'])])).toBe(earlier.vote);
  });

  test('is none of somebody else’s, and not the last one itself', () => {
    expect(earlierVote([named(['ana']), named(['ben', 'cleo']), named(['dora'])])).toBeUndefined();
    expect(earlierVote([named(['ana'])])).toBeUndefined();
    expect(earlierVote([])).toBeUndefined();
  });

  test('approves, and the same text', () => {
    expect(earlierVote([named(['ana'], { verdict: 'rejected' }), named(['ana'])])).toBeUndefined();
    expect(earlierVote([named(['ana'], { digest: 'another' }), named(['ana'])])).toBeUndefined();
  });
});
