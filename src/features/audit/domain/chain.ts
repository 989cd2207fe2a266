import { comparePositions, type Position } from './position.js';
import { hashOfSeal, type Seal } from './seal.js';

/** A seal as somebody wrote it down outside: enough to recognise the whole chain up to it. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** Where a check of the chain has got to. */
export interface Link extends Head {
  /** The last place of the log that is sealed so far. */
  readonly to: Position;
}

/** What can be wrong with the chain itself, without a look at the events. */
export type ChainProblemKind = 'seal_altered' | 'seal_missing' | 'chain_broken' | 'head_missing' | 'head_differs';

export interface ChainProblem {
  readonly kind: ChainProblemKind;
  /** Number of the seal it was found at. */
  readonly seal: number;
  /** The first place in the log that it concerns, when one is known. */
  readonly position: Position | undefined;
  readonly message: string;
}

export interface LinkJudgement {
  readonly problems: readonly ChainProblem[];
  /** The seal's entries are what was sealed, so the events can be held against them. */
  readonly entriesHold: boolean;
  /** The seal starts directly behind the one before: an event between the two cannot have been there. */
  readonly follows: boolean;
}

/** Judges a seal against the one before it. Each mistake is reported once, at the seal where it first shows. */
export function judgeLink(before: Link, seal: Seal): LinkJudgement {
  const problems: ChainProblem[] = [];
  const missing = seal.number - before.number - 1;
  if (missing > 0) {
    problems.push({
      kind: 'seal_missing',
      seal: before.number + 1,
      position: before.number === 0 ? undefined : before.to,
      message: `${several(missing, 'seal')} missing before seal ${seal.number}: the events from here to it are not covered any more.`,
    });
  } else {
    const problem = misfit(before, seal);
    if (problem) problems.push({ kind: 'chain_broken', seal: seal.number, position: seal.from, message: problem });
  }
  const altered = alteration(seal);
  if (altered) problems.push(altered);
  return { problems, entriesHold: !altered, follows: missing === 0 };
}

/** Judges a seal, or its absence, against a head that was written down earlier. */
export function judgeHead(head: Head, stored: Seal | undefined): readonly ChainProblem[] {
  const { number, hash } = head;
  if (!stored) {
    const message = `Seal ${number} was written down with hash ${hash} and is not there any more: the end of the chain was cut off.`;
    return [{ kind: 'head_missing', seal: number, position: undefined, message }];
  }
  if (stored.hash !== hash) {
    const message = `Expected seal ${number} to have the hash ${hash} that was written down, got ${stored.hash}: the chain up to here was written anew.`;
    return [{ kind: 'head_differs', seal: number, position: stored.to, message }];
  }
  const altered = alteration(stored);
  return altered ? [altered] : [];
}

function misfit(before: Link, seal: Seal): string | undefined {
  if (seal.previousHash !== before.hash) {
    return `Expected it to follow on the hash ${before.hash} of seal ${before.number}, got ${seal.previousHash}: one of the two was replaced.`;
  }
  if (comparePositions(seal.from, before.to) <= 0) {
    return `Expected it to begin behind the end of seal ${before.number}: it covers a part of the log a second time.`;
  }
  return undefined;
}

function alteration(seal: Seal): ChainProblem | undefined {
  const { hash, ...content } = seal;
  const computed = hashOfSeal(content);
  const wellFormed =
    seal.count === seal.entries.length &&
    samePlace(seal.entries.at(0)?.position, seal.from) &&
    samePlace(seal.entries.at(-1)?.position, seal.to);
  if (hash === computed && wellFormed) return undefined;
  return {
    kind: 'seal_altered',
    seal: seal.number,
    position: seal.from,
    message: `The seal itself was altered: it carries the hash ${hash}, and what it says gives ${computed}.`,
  };
}

const samePlace = (a: Position | undefined, b: Position): boolean => a !== undefined && comparePositions(a, b) === 0;

const several = (count: number, what: string): string => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);
