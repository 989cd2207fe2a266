import { GraphQLJSONObject } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../../platform/graphql/context.js';
import type { DecidingRole } from '../../policy/index.js';
import type { Change } from '../domain/diff.js';
import type { RevisionKind } from '../domain/revision.js';
import type { ActionQueries } from '../queries.js';
import { DecidingRoleEnum, RevisionKindEnum, VerdictEnum } from './enums.js';
import { ActionType, ApprovalType } from './types.js';

@ObjectType('ApprovalVote', { description: 'One person’s word on a request.' })
class ApprovalVoteType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => VerdictEnum, { description: 'Yes or no.' })
  verdict!: 'approved' | 'rejected';

  @Field(() => String, { description: 'Who said it.' })
  voter!: string;

  @Field(() => String, { nullable: true, description: 'In whose place; null: in the voter’s own right.' })
  onBehalfOf!: string | null;

  @Field(() => DecidingRoleEnum, { description: 'By which role.' })
  role!: DecidingRole;

  @Field(() => String, { nullable: true, description: 'What the person remarked.' })
  comment!: string | null;

  @Field(() => Date, { description: 'When.' })
  at!: Date;

  @Field(() => String, { description: '`digest` of the text it was given for.' })
  digest!: string;

  @Field(() => Boolean, {
    description: 'Whether it is for the text as it is now; after an edit or a renewal it is history.',
  })
  current!: boolean;
}

@ObjectType('ActionRevision', { description: 'How an action was changed before anybody signed it.' })
class ActionRevisionType {
  @Field(() => Int, { description: 'Number of the version that came of it; the first proposal is 0.' })
  number!: number;

  @Field(() => RevisionKindEnum, { description: 'Whether a person edited it or its ground had moved.' })
  kind!: RevisionKind;

  @Field(() => String, { description: 'Who did it: a person, or `system:renewal`.' })
  editedBy!: string;

  @Field(() => Date, { description: 'When.' })
  editedAt!: Date;

  @Field(() => String, { nullable: true, description: 'What the person remarked.' })
  comment!: string | null;

  @Field(() => String, { description: '`digest` before.' })
  digest!: string;

  @Field(() => String, { description: '`digest` after.' })
  replacedBy!: string;

  @Field(() => [GraphQLJSONObject], {
    description:
      'Every difference, in the manner of JSON Patch (RFC 6902): `op` is add, remove or replace, `path` a JSON Pointer, `before` and `after` what stood and stands there.',
  })
  diff!: readonly Change[];
}

/** What hangs on a request. Read only when it is asked for. */
@Resolver(() => ApprovalType)
export class ApprovalVotesResolver {
  constructor(private readonly queries: ActionQueries) {}

  @FieldResolver(() => [ApprovalVoteType], {
    description: 'Every word that people gave on it, also for earlier versions of its text; the first one first.',
  })
  async votes(@Ctx() context: GraphQLContext, @Root() approval: ApprovalType): Promise<ApprovalVoteType[]> {
    const votes = await this.queries.votes(context.actor(), approval.id);
    return votes.map((vote) => ({ ...vote, current: vote.digest === approval.digest }));
  }
}

/** What hangs on an action. Read only when it is asked for. */
@Resolver(() => ActionType)
export class ActionHistoryResolver {
  constructor(private readonly queries: ActionQueries) {}

  @FieldResolver(() => [ActionRevisionType], {
    description: 'How it was changed before anybody signed it; the first change first.',
  })
  async revisions(@Ctx() context: GraphQLContext, @Root() action: ActionType): Promise<ActionRevisionType[]> {
    const revisions = await this.queries.revisions(context.actor(), action.id);
    return revisions.map(({ revision, ...rest }) => ({ ...rest, number: revision + 1 }));
  }
}
