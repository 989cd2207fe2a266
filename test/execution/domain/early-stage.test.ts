import { describe, expect, test } from 'vitest';
import { EARLY_TARGETS, earlyMove, stageAfterQualifying } from '../../../src/features/execution/domain/early-stage.js';
import { namedBy } from '../../../src/features/execution/domain/named.js';
import { DEAL_STAGES } from '../../../src/features/guardrails/domain/index.js';

describe('moving a deal early', () => {
  test('goes forward only, from early stages only', () => {
    const moves = DEAL_STAGES.flatMap((from) =>
      EARLY_TARGETS.filter((to) => earlyMove(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(moves).toEqual(['prospecting → qualification', 'prospecting → discovery', 'qualification → discovery']);
  });

  test('a qualified conversation moves a new deal on, and no other', () => {
    const moved = DEAL_STAGES.filter((from) => stageAfterQualifying(from) !== undefined);
    expect(moved).toEqual(['prospecting']);
    expect(stageAfterQualifying('prospecting')).toBe('qualification');
  });

  test('where a qualified conversation moves a deal, an action may', () => {
    for (const from of DEAL_STAGES) {
      const to = stageAfterQualifying(from);
      if (to !== undefined) expect(earlyMove(from, to)).toBe(true);
    }
    expect.hasAssertions();
  });
});

describe('what an action names', () => {
  test('is what there is of account, contact and clone', () => {
    expect(namedBy({ accountId: 'a', contactId: 'b', cloneId: 'c' })).toEqual({
      accountId: 'a',
      contactId: 'b',
      cloneId: 'c',
    });
    expect(Object.keys(namedBy({ accountId: 'a', contactId: null, cloneId: null }))).toEqual(['accountId']);
    expect(Object.keys(namedBy({ accountId: null, contactId: null, cloneId: null }))).toEqual([]);
  });
});
