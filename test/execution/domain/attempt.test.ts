import { describe, expect, test } from 'vitest';
import {
  ATTEMPT_RESULTS,
  type Attempt,
  attemptResult,
  type Effect,
  heldBack,
  isUncertain,
  MAX_DELAY_MS,
  mayBeRepeated,
  maySend,
  nextStep,
} from '../../../src/features/execution/domain/attempt.js';
import { CONFIGURED_KINDS, DEFAULT_EMAIL } from '../../../src/features/execution/domain/connector.js';

const NOW = new Date('2026-03-04T12:00:00Z');
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  tenantId: 'tenant-1',
  id: 'attempt-1',
  actionId: 'action-1',
  leaseEpoch: 1,
  connector: 'webhook',
  startedAt: NOW,
  endedAt: NOW,
  result: 'unknown',
  detail: null,
  safeToRepeat: true,
  target: 'https://a.example',
  settledAt: null,
  ...more,
});

describe('an attempt is uncertain', () => {
  test.each([
    ['unknown', true],
    ['abandoned', true],
    [null, true],
    ['executed', false],
    ['refused', false],
  ] as const)('where its result is %s: %s, and never once a person has found out', (result, uncertain) => {
    expect(isUncertain({ result, settledAt: null })).toBe(uncertain);
    expect(isUncertain({ result, settledAt: NOW })).toBe(false);
  });

  test('by these results alone', () => {
    expect(ATTEMPT_RESULTS).toEqual(['executed', 'refused', 'unknown', 'abandoned']);
  });
});

describe('something may be sent', () => {
  const again = { safeToRepeat: true, target: 'https://a.example' };

  test('where nothing uncertain went before', () => {
    const blind = { safeToRepeat: false };
    expect(maySend([], blind)).toBe(true);
    expect(maySend([attempt({ result: 'refused' }), attempt({ settledAt: NOW })], blind)).toBe(true);
  });

  test('to whoever recognises it, where it went before', () => {
    expect(maySend([attempt(), attempt({ result: 'refused', target: null })], again)).toBe(true);
  });

  test('not to whoever would not recognise it', () => {
    expect(maySend([attempt()], { ...again, safeToRepeat: false })).toBe(false);
  });

  test('not anywhere else, and not under another id', () => {
    expect(maySend([attempt()], { ...again, target: 'https://b.example' })).toBe(false);
    expect(maySend([attempt(), attempt({ target: 'https://b.example' })], again)).toBe(false);
  });

  test('not where nobody knows what recognises it', () => {
    const nobody = attempt({ target: null });
    expect(maySend([nobody], { safeToRepeat: true })).toBe(false);
    expect(maySend([nobody], { safeToRepeat: true, target: null })).toBe(false);
    expect(maySend([nobody], again)).toBe(false);
    expect(maySend([attempt()], { safeToRepeat: true })).toBe(false);
  });
});

describe('a claimed action', () => {
  const LEASE = new Date('2026-03-04T12:00:10Z');
  const sending = { digest: 'signed', safeToRepeat: true, target: 'https://a.example' };
  const claimed = { digest: 'signed', leaseUntil: LEASE, earlier: [attempt()] };
  const late = {
    kind: 'refused',
    detail: 'It changed, or its time ran out, before it was sent.',
    permanent: false,
  };

  test('is sent while it is what was prepared, and its time runs', () => {
    expect(heldBack(sending, claimed, NOW)).toBeUndefined();
    expect(heldBack(sending, claimed, new Date(LEASE.getTime() - 1))).toBeUndefined();
  });

  test('is held back where it changed, or its time is over', () => {
    expect(heldBack(sending, { ...claimed, digest: 'edited' }, NOW)).toEqual(late);
    expect(heldBack(sending, claimed, LEASE)).toEqual(late);
    expect(heldBack(sending, { ...claimed, leaseUntil: null }, new Date(-1))).toEqual(late);
  });

  test('is held back for good where it may have happened and would not be recognised', () => {
    expect(heldBack({ ...sending, target: 'https://b.example' }, claimed, NOW)).toEqual({
      kind: 'refused',
      detail: 'Not sent: an earlier attempt may have run, and this one would not be recognised as the same.',
      permanent: true,
    });
  });

  test('may be sent once more after a silence, where it is recognised and was not the last', () => {
    const twice = { safeToRepeat: true, maxAttempts: 2 };
    expect([1, 2, 3].map((number) => mayBeRepeated(twice, number))).toEqual([true, false, false]);
    expect(mayBeRepeated({ ...twice, safeToRepeat: false }, 1)).toBe(false);
  });
});

const trying = { attempt: 1, maxAttempts: 3, safeToRepeat: false, uncertainBefore: false, firstDelayMs: 1_000 };
const unknown: Effect = { kind: 'unknown', detail: 'No answer.' };
const refused: Effect = { kind: 'refused', detail: 'No connection.', permanent: false };
const unclear = (said: string) => ({
  ended: 'outcome_unknown',
  reason: `${said} It may or may not have run. Find out, then reconcile it.`,
});

describe('what follows from an attempt', () => {
  test('done is executed, with its result', () => {
    const done: Effect = { kind: 'done', result: { status: 200 }, detail: 'ok' };
    expect(nextStep(done, trying)).toEqual({ ended: 'executed', result: { status: 200 } });
  });

  test('what may have happened is never tried again where nobody recognises it', () => {
    for (const number of [1, 2, 3, 4]) {
      expect(nextStep(unknown, { ...trying, attempt: number })).toEqual(unclear('No answer.'));
    }
  });

  test('what may have happened is tried again where it is recognised, as often as is allowed', () => {
    const again = { ...trying, safeToRepeat: true };
    expect(nextStep(unknown, again)).toEqual({ ended: 'put_back', delayMs: 1_000, reason: 'No answer.' });
    expect(nextStep(unknown, { ...again, attempt: 2 })).toMatchObject({ ended: 'put_back', delayMs: 2_000 });
    expect(nextStep(unknown, { ...again, attempt: 3 })).toEqual(unclear('Given up after 3 attempts: No answer.'));
    expect(nextStep(unknown, { ...again, attempt: 4 })).toEqual(unclear('Given up after 4 attempts: No answer.'));
  });

  test('while an earlier attempt may have taken effect nothing is called failed, but it may still be done', () => {
    const after = { ...trying, safeToRepeat: true, uncertainBefore: true };
    expect(nextStep({ ...refused, permanent: true }, after)).toEqual(unclear('No connection.'));
    expect(nextStep(refused, { ...after, attempt: 3 })).toEqual(unclear('Given up after 3 attempts: No connection.'));
    expect(nextStep(refused, after).ended).toBe('put_back');
    expect(nextStep({ kind: 'done', result: {}, detail: 'ok' }, after).ended).toBe('executed');
  });

  test('what surely did nothing is tried again, each time after twice as long, up to the limit', () => {
    expect(MAX_DELAY_MS).toBe(900_000);
    const many = { ...trying, maxAttempts: 20 };
    const delays = [1, 2, 3, 10, 11, 19].map((number) => nextStep(refused, { ...many, attempt: number }));
    expect(delays).toMatchObject(
      [1_000, 2_000, 4_000, 512_000, 900_000, 900_000].map((delayMs) => ({ ended: 'put_back', delayMs })),
    );
  });

  test('what surely did nothing has failed after the last attempt, or where trying again would not help', () => {
    expect(nextStep(refused, { ...trying, attempt: 3 })).toEqual({
      ended: 'failed',
      error: 'Given up after 3 attempts: No connection.',
    });
    expect(nextStep({ ...refused, permanent: true }, trying)).toEqual({ ended: 'failed', error: 'No connection.' });
  });

  test('is remembered by what was seen', () => {
    expect(attemptResult({ kind: 'done', result: {}, detail: '' })).toBe('executed');
    expect(attemptResult(refused)).toBe('refused');
    expect(attemptResult(unknown)).toBe('unknown');
  });
});

test('tenants configure two kinds of connectors; emails go to known addresses only, and are tried eight times', () => {
  expect(CONFIGURED_KINDS).toEqual(['webhook', 'email']);
  expect(DEFAULT_EMAIL).toEqual({ anyRecipient: false, maxAttempts: 8 });
});
