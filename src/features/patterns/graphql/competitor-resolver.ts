import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import { authorize, type GraphQLContext } from '../../../platform/graphql/context.js';
import { textInput } from '../../../platform/graphql/fields.js';
import { parseInput } from '../../../platform/graphql/parse.js';
import { type CompetitorList, MAX_COMPETITORS } from '../competitors.js';

@InputType({ description: 'The competitors to watch for.' })
class SetCompetitorsInput {
  @Field(() => [String], {
    description: `All their names, at most ${MAX_COMPETITORS}, each of 1 to 100 characters with a letter or digit. A name is recognised by its first word, in any case. An empty list: none.`,
  })
  names!: string[];
}

const setCompetitorsInput = z.object({
  names: z
    .array(textInput(100).regex(/[\p{L}\d]/u, 'expected a name with a letter or digit'))
    .max(MAX_COMPETITORS, `expected at most ${MAX_COMPETITORS} names`),
});

@ObjectType({ description: 'What was laid down.' })
class SetCompetitorsPayload {
  @Field(() => [String], { description: 'The names from now on; of those that differ in case only, the first.' })
  competitors!: readonly string[];
}

/** The list decides what interrupts people, as thresholds do; agents cannot bend it. */
const LAYERS: readonly Role[] = ['manager', 'admin'];

@Resolver()
export class CompetitorResolver {
  constructor(private readonly list: CompetitorList) {}

  @Query(() => [String], {
    description: 'The competitors that the tenant has named, beside those whom customers’ words introduce as such.',
  })
  async competitors(@Ctx() context: GraphQLContext): Promise<readonly string[]> {
    return this.list.competitors(authorize(context, 'competitors'));
  }

  @Mutation(() => SetCompetitorsPayload, {
    description:
      'Lays down which competitors the search for patterns watches for, in place of those before. The next scan goes by it. For managers and admins.',
  })
  async setCompetitors(
    @Ctx() context: GraphQLContext,
    @Arg('input', () => SetCompetitorsInput, { description: 'Their names.' }) input: SetCompetitorsInput,
  ): Promise<SetCompetitorsPayload> {
    const actor = authorize(context, 'setCompetitors', LAYERS);
    const { names } = parseInput(setCompetitorsInput, input);
    return { competitors: await this.list.set(actor, names) };
  }
}
