import { describe, expect, test } from 'vitest';
import { hasWords, titleNames } from '../../../src/features/policy/domain/titles.js';

describe('a title names', () => {
  test.each([
    ['CEO', 'ceo'],
    ['Chief Executive Officer', 'executive officer'],
    ['(CEO)', 'ceo'],
    ['co-ceo', 'ceo'],
    ['C.E.O', 'ceo'],
    ['C.E.O.', 'c e o'],
    ['ceo', 'C.E.O.'],
    ['Mr. CEO', 'ceo'],
    ['Dr.CEO', 'ceo'],
    ['Stra\u00dfe', 'STRASSE'],
    ['\u0130stanbul', 'istanbul'],
    ['D\u0131rektor', 'DIREKTOR'],
    ['C\u200bEO', 'ceo'],
    ['\uff23\uff25\uff2f', 'ceo'],
    ['Ge\u0301ne\u0301ral', 'general'],
    ['ΔΙΕΥΘΥΝΤΗΣ', 'διευθυντης'],
    ['διευθυντησ', 'διευθυντης'],
    ['ΠΡΟΣ.ΤΕΣΤ', 'προς'],
    ['VP2 Sales', 'vp2'],
    ['राजदूत प्रमुख', 'राजदूत'],
  ])('in %s: %s', (title, wanted) => {
    expect(titleNames(title, wanted)).toBe(true);
  });

  test.each([
    ['CEOs', 'ceo'],
    ['Oceanographer', 'ceo'],
    ['Executive Chief Officer', 'chief executive'],
    ['Chief', 'chief executive'],
    ['Officer Chief', 'chief officer'],
    ['Vice', 'vice president'],
    ['VP2', 'vp'],
    ['VP 2', 'vp2'],
    ['C E O', 'ceo'],
    ['', 'ceo'],
    ['...', 'ceo'],
    ['CEO', '...'],
    ['CEO', ''],
    ['राजदूत', 'राजदत'],
  ])('not in %j: %s', (title, wanted) => {
    expect(titleNames(title, wanted)).toBe(false);
  });
});

test('there is a word to look for only where there are letters or digits', () => {
  expect(['a', ' 7 ', '社', '-a-'].map(hasWords)).toEqual([true, true, true, true]);
  expect(['', ' . ', '—', '\u200b'].map(hasWords)).toEqual([false, false, false, false]);
});
