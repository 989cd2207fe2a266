import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAction, classifyAction, parseActionType } from '../../src/features/guardrails/domain/index.js';
import { runs } from '../support/runs.js';
import { APPROVAL_REQUIRED, AUTONOMOUS, HARD_STOP, STAGES } from './rules-as-agreed.js';

const stages = STAGES.map(({ stage }) => stage);
const dealStage = fc.constantFrom(...stages);

/** Every string at edit distance 1 from `word` over the letters: a letter left out, put in or exchanged. */
function* neighbours(word: string, letters: readonly string[]): Generator<string> {
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after) yield before + after.slice(1);
    for (const letter of letters) {
      yield before + letter + after;
      if (after) yield before + letter + after.slice(1);
    }
  }
}

function expectNotAutonomous(actionType: string): void {
  expect([actionType, classifyAction(actionType)]).not.toEqual([actionType, 'autonomous']);
  for (const stage of stages) {
    const decision = checkAction({ actionType, dealStage: stage });
    if (decision.allowed || !decision.requiresHuman) expect.fail(`${JSON.stringify(actionType)} was let through`);
  }
}

describe('nothing but a listed type is autonomous', () => {
  it('not a well-formed string one edit away from a listed type', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789_'.split('');
    let tried = 0;
    for (const type of AUTONOMOUS) {
      for (const near of neighbours(type, letters)) {
        if (AUTONOMOUS.includes(near)) continue;
        expectNotAutonomous(near);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(10_000);
  });

  it('not any string one edit away, whatever the letter, parsed or not', () => {
    const edit = fc.record({
      type: fc.constantFrom(...AUTONOMOUS),
      at: fc.nat(30),
      letter: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom(' ', '\n', '\u200b')),
      kind: fc.constantFrom('insert', 'delete', 'replace'),
    });
    fc.assert(
      fc.property(edit, ({ type, at: wanted, letter, kind }) => {
        const at = wanted % type.length;
        const rest = type.slice(kind === 'insert' ? at : at + 1);
        const near = type.slice(0, at) + (kind === 'delete' ? '' : letter) + rest;
        fc.pre(!AUTONOMOUS.includes(near));
        expectNotAutonomous(near);
      }),
      runs(500),
    );
  });

  it('not any string at all, and one that parses is left as it came', () => {
    const wellFormed = fc.stringMatching(/^[a-z][a-z0-9_]{0,63}$/);
    const listed = fc.constantFrom(...APPROVAL_REQUIRED, ...HARD_STOP);
    const text = fc.oneof(wellFormed, listed, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, dealStage, (actionType, stage) => {
        fc.pre(!AUTONOMOUS.includes(actionType));
        expect(checkAction({ actionType, dealStage: stage }).allowed).toBe(false);
        if (/^[a-z]/.test(actionType) && !/[^a-z0-9_]/.test(actionType) && actionType.length < 65) {
          expect(parseActionType(actionType, ['actionType'])).toBe(actionType);
        }
      }),
      runs(500),
    );
  });
});

describe('every decision', () => {
  it('needs a human exactly when it is not allowed, repeats the type, and is the same each time', () => {
    const any = fc.oneof(fc.constantFrom(...AUTONOMOUS, ...APPROVAL_REQUIRED, ...HARD_STOP), fc.string());
    fc.assert(
      fc.property(any, dealStage, (actionType, stage) => {
        const decision = checkAction({ actionType, dealStage: stage });
        expect(decision.requiresHuman).toBe(!decision.allowed);
        expect(decision.actionType).toBe(actionType);
        expect(decision.tier).toBe(classifyAction(actionType));
        expect(checkAction({ actionType, dealStage: stage })).toEqual(decision);
      }),
    );
  });
});
