import { describe, expect, test } from 'vitest';
import { nearestWord, reachesCustomer, restrictedLookAlike } from '../../src/features/guardrails/domain/index.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP } from './rules-as-agreed.js';

describe('what a restricted type could be mistaken for', () => {
  test.each([
    ['a letter more', 'send_proposals', 'send_proposal'],
    ['a letter less', 'send_propsal', 'send_proposal'],
    ['another letter', 'send_proposel', 'send_proposal'],
    ['two letters swapped', 'send_prpoosal', 'send_proposal'],
    ['two letters more', 'xsend_proposalx', 'send_proposal'],
    ['two letters less', 'end_proposa', 'send_proposal'],
    ['two letters in front less', 'nd_proposal', 'send_proposal'],
    ['another beginning and end', 'modify_contrakc', 'modify_contract'],
  ])('%s: %s is like %s', (_what, type, restricted) => {
    expect(restrictedLookAlike(type)).toBe(restricted);
  });

  test.each([
    ['three letters more', 'send_proposalxyz'],
    ['three letters less', 'send_propo'],
    ['three other letters', 'xexd_propoxal'],
    ['one more and two other', 'xendx_proposals'],
    ['two letters in front less and two more behind', 'nd_proposalxy'],
    ['nothing in common', 'order_flowers'],
  ])('%s: %s is like none', (_what, type) => {
    expect(restrictedLookAlike(type)).toBeUndefined();
  });

  test('a built-in type is itself, however near another it is', () => {
    expect([...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP].map(restrictedLookAlike)).toEqual(
      Array.from({ length: 24 }, () => undefined),
    );
  });
});

describe('the word that was meant', () => {
  const known = ['autonomous', 'approval_required', 'hard_stop'];

  test.each([
    ['autonomus', 'autonomous'],
    ['autonomous', 'autonomous'],
    ['hard_stpo', 'hard_stop'],
    ['ard_sto', 'hard_stop'],
    ['rd_sto', undefined],
    ['autonom', undefined],
    ['', undefined],
  ])('%s means %s', (word, meant) => {
    expect(nearestWord(word, known)).toBe(meant);
  });

  test('the nearest wins wherever it stands, the first of equally near ones', () => {
    expect(nearestWord('abcd', ['abxy', 'abcx', 'abcy'])).toBe('abcx');
    expect(nearestWord('abcd', ['abcx', 'abcd'])).toBe('abcd');
    expect(nearestWord('cab', ['xyzc'])).toBeUndefined();
  });

  test('how far it may be can be said', () => {
    expect(nearestWord('abcd', ['abcx'], 0)).toBeUndefined();
    expect(nearestWord('abcd', ['abcd'], 0)).toBe('abcd');
    expect(nearestWord('abcdef', ['abcxyz'], 3)).toBe('abcxyz');
    expect(nearestWord('abcdef', ['abcxyz'])).toBeUndefined();
  });
});

test('exactly these stay inside the house; everything else, known or not, reaches the customer', () => {
  const inside = [
    'create_briefing',
    'escalate_to_management',
    'log_interaction',
    'modify_account_plan',
    'progress_early_stage',
    'progress_past_evaluation',
    'qualify_conversation',
    'update_account_context',
  ];
  const all = [...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP, 'order_flowers', 'constructor', ''];
  for (const connector of ['agent', 'built_in'] as const) {
    expect(all.filter((type) => !reachesCustomer(type, connector)).sort()).toEqual(inside);
  }
  for (const connector of ['email', 'webhook'] as const) {
    expect(all.filter((type) => !reachesCustomer(type, connector))).toEqual([]);
  }
});
