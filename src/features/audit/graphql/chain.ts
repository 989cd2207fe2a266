import { Arg, Ctx, Field, InputType, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { positionToCursor } from '../../../platform/realtime/event-log.js';
import type { AuditProblemKind } from '../domain/findings.js';
import type { Position } from '../domain/position.js';
import type { VerificationService } from '../verification.js';

const ProblemKindEnum = {
  EVENT_EDITED: 'event_edited',
  EVENT_DELETED: 'event_deleted',
  EVENT_INSERTED: 'event_inserted',
  EVENTS_REORDERED: 'events_reordered',
  SEAL_ALTERED: 'seal_altered',
  SEAL_MISSING: 'seal_missing',
  CHAIN_BROKEN: 'chain_broken',
  HEAD_MISSING: 'head_missing',
  HEAD_DIFFERS: 'head_differs',
} as const satisfies Record<Uppercase<AuditProblemKind>, AuditProblemKind>;
registerEnumType(ProblemKindEnum, {
  name: 'AuditProblemKind',
  description: 'In what way the log is not what was sealed.',
  valuesConfig: {
    EVENT_EDITED: { description: 'A sealed event says something else: another type, subject, fact, actor or time.' },
    EVENT_DELETED: { description: 'A sealed event is gone, and it was not retention that deleted it.' },
    EVENT_INSERTED: {
      description: 'An event stands in the sealed part of the log that was not there when it was sealed.',
    },
    EVENTS_REORDERED: { description: 'Sealed events have changed places.' },
    SEAL_ALTERED: { description: 'A seal does not have the hash that its own content gives.' },
    SEAL_MISSING: { description: 'One or more seals are missing before a later one.' },
    CHAIN_BROKEN: { description: 'A seal does not follow on the one before it: one of the two was replaced.' },
    HEAD_MISSING: { description: 'The chain ends before the head that was written down: its end was cut off.' },
    HEAD_DIFFERS: { description: 'The chain does not contain the head that was written down: it was written anew.' },
  },
});

@ObjectType({
  description:
    'How far the log is sealed. Keep number and hash outside of this database: against them nobody can write the chain anew unnoticed.',
})
class AuditHead {
  @Field(() => Int, { description: 'Number of the newest seal; 0: nothing is sealed yet.' })
  number!: number;

  @Field(() => String, {
    description: 'Its SHA-256 hash in hex, which covers every sealed event and every earlier seal.',
  })
  hash!: string;

  @Field(() => Date, { nullable: true, description: 'When it was made.' })
  sealedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The place in the log up to which events are sealed.' })
  cursor!: string | null;

  @Field(() => Int, { description: 'Events behind it, which the next seals will cover.' })
  unsealed!: number;
}

@ObjectType({ description: 'A seal by its number and hash.' })
class AuditSeal {
  @Field(() => Int, { description: 'Its number; 0: the beginning of the chain.' })
  number!: number;

  @Field(() => String, { description: 'Its hash in hex.' })
  hash!: string;
}

@InputType({ description: 'A seal as you wrote it down.' })
class AuditHeadInput {
  @Field(() => Int, { description: 'Its number.' })
  number!: number;

  @Field(() => String, { description: 'Its hash: 64 hexadecimal digits.' })
  hash!: string;
}

const headInput = z.object({
  number: z.int().min(0, 'expected 0 or more'),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits'),
});

@ObjectType({ description: 'One kind of difference between the log and one seal.' })
class AuditProblem {
  @Field(() => Int, { description: 'Number of the seal at which it shows.' })
  seal!: number;

  @Field(() => ProblemKindEnum, { description: 'What is wrong.' })
  kind!: AuditProblemKind;

  @Field(() => String, { description: 'What was expected, what is there, and how many events it concerns.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'The first place in the log where it shows, if one is known.' })
  cursor!: string | null;
}

@ObjectType({ description: 'What a check of the log against its seals found.' })
class AuditVerification {
  @Field(() => Boolean, { description: 'Everything that was looked at is as it was sealed.' })
  ok!: boolean;

  @Field(() => Boolean, {
    description:
      'The newest seal was reached. If not, ask again with `after: checkedTo`: one call looks at about 100,000 events.',
  })
  complete!: boolean;

  @Field(() => AuditSeal, { description: 'The last seal that was looked at.' })
  checkedTo!: AuditSeal;

  @Field(() => Int, { description: 'How many seals were looked at.' })
  sealsChecked!: number;

  @Field(() => Int, { description: 'How many sealed events were looked at.' })
  eventsChecked!: number;

  @Field(() => Int, {
    description: 'Sealed events that retention has deleted since. Their seals were checked, they themselves cannot be.',
  })
  eventsNoLongerKept!: number;

  @Field(() => Int, { description: 'How many problems there are.' })
  problemCount!: number;

  @Field(() => [AuditProblem], { description: 'The first 100 problems, in the order of the log.' })
  problems!: AuditProblem[];
}

const MOST_PROBLEMS = 100;

/** The hash chain over the log: how far it goes, and whether it holds. */
@Resolver()
export class AuditChainResolver {
  constructor(private readonly verification: VerificationService) {}

  @Query(() => AuditHead, { description: 'How far the log of your tenant is sealed. For managers and admins.' })
  async auditHead(@Ctx() context: GraphQLContext): Promise<AuditHead> {
    const { position, ...head } = await this.verification.head(authorize(context, 'auditHead', ['manager', 'admin']));
    return { ...head, cursor: cursorOf(position ?? undefined) };
  }

  @Query(() => AuditVerification, {
    description:
      'Computes the hash chain of your tenant anew and compares it with the log and with a head written down earlier. For admins.',
  })
  async verifyAudit(
    @Ctx() context: GraphQLContext,
    @Arg('head', () => AuditHeadInput, {
      nullable: true,
      description: 'A head that you wrote down: the chain has to contain it.',
    })
    head: AuditHeadInput | null,
    @Arg('after', () => AuditHeadInput, {
      nullable: true,
      description:
        'Begin behind this seal: `checkedTo` of an earlier call, or a head up to which you have checked before.',
    })
    after: AuditHeadInput | null,
  ): Promise<AuditVerification> {
    const actor = authorize(context, 'verifyAudit', ['admin']);
    const { problems, noLongerKept, ...checked } = await this.verification.verify(actor, {
      ...(head && { head: parseInput(headInput, head, 'head') }),
      ...(after && { after: parseInput(headInput, after, 'after') }),
    });
    return {
      ...checked,
      ok: problems.length === 0,
      eventsNoLongerKept: noLongerKept,
      problemCount: problems.length,
      problems: problems
        .slice(0, MOST_PROBLEMS)
        .map(({ position, ...problem }) => ({ ...problem, cursor: cursorOf(position) })),
    };
  }
}

const cursorOf = (position: Position | undefined): string | null => (position ? positionToCursor(position) : null);
