import { nameKey, type Role } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/ids.js';
import { DECIDING_ROLES, type DecidingRole, rolesFrom } from '../../policy/domain/index.js';

/** One person's word on one request; counts for exactly the digest it names. */
export interface Vote {
  readonly tenantId: Id;
  readonly id: Id;
  readonly approvalId: Id;
  readonly digest: string;
  readonly verdict: 'approved' | 'rejected';
  readonly voter: string;
  /** Who answered for the voter then. */
  readonly voterRoot: string;
  /** The role by which the voter, or whoever it stood in for, was entitled to decide. */
  readonly role: DecidingRole;
  /** In whose place; null: in the voter's own right. */
  readonly onBehalfOf: string | null;
  readonly delegationId: Id | null;
  readonly comment: string | null;
  readonly at: Date;
  /** Which transactions had committed when it was cast, as PostgreSQL writes it; the store sets it. Null: cast before that was kept. */
  readonly snapshot?: string | null;
}

/** What somebody who voted can have known. */
export interface Seen {
  readonly at: Date;
  /** See `Vote.snapshot`. */
  readonly snapshot: string | null;
}

/** What a tenant has laid down about a voter; undefined: nothing. */
export type VoterStanding = { readonly roles: readonly Role[] | null; readonly suspended: boolean } | undefined;

/** A vote, and how things stand today for who cast it and for who was entitled: mostly the same person. */
export interface CastVote {
  readonly vote: Vote;
  readonly voter: VoterStanding;
  readonly entitled: VoterStanding;
  /** Cast by a lent right that was taken back since. One that merely ran out was good when it was used. */
  readonly isTakenBack: boolean;
}

/** The approving votes for this digest of those who could still cast them today. */
export const countingVotes = (votes: readonly CastVote[], digest: string): readonly CastVote[] =>
  votes.filter(
    ({ vote, voter, entitled, isTakenBack }) =>
      !isTakenBack &&
      vote.verdict === 'approved' &&
      vote.digest === digest &&
      holdsOneOf(DECIDING_ROLES, voter) &&
      holdsOneOf(rolesFrom(vote.role), entitled),
  );

/** What each of those whose votes count can have known. */
export const seenBy = (votes: readonly CastVote[], digest: string): readonly Seen[] =>
  countingVotes(votes, digest).map(({ vote: { at, snapshot = null } }) => ({ at, snapshot }));

/** Whether somebody is not suspended and may hold one of the roles; who has no record is what the token said. */
export const holdsOneOf = (roles: readonly Role[], standing: VoterStanding): boolean =>
  standing === undefined ||
  (!standing.suspended && (standing.roles === null || standing.roles.some((held) => roles.includes(held))));

/** A vote, and every name of those who stand behind it. */
export interface NamedVote {
  readonly vote: Vote;
  readonly names: readonly string[];
}

/** The approval, among all but the last of these votes, that somebody behind the last one gave for the same text. */
export function earlierVote(votes: readonly NamedVote[]): Vote | undefined {
  const last = votes.at(-1);
  if (!last) return undefined;
  const names = new Set(last.names.map(nameKey));
  const same = votes
    .slice(0, -1)
    .find(
      ({ vote, names: others }) =>
        vote.verdict === 'approved' &&
        vote.digest === last.vote.digest &&
        others.some((name) => names.has(nameKey(name))),
    );
  return same?.vote;
}
