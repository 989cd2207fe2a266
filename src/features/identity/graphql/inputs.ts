import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import type { Role } from '../../../kernel/actor.js';
import { idInput, textInput } from '../../../platform/graphql/fields.js';
import { isRole, isShortName, isUserName } from '../domain/claims.js';
import { RoleEnum } from './types.js';

const principal = z
  .string()
  .refine(isUserName, 'expected a name as tokens carry it: letters, digits and any of "._@+|-", at most 128');

@InputType({ description: 'A key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What to call it, so that people know which to revoke: at most 100 characters.' })
  name!: string;

  @Field(() => String, {
    description: 'Name of the agent that will call with it: the principal under which its proposals stand.',
  })
  agent!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the person the agent belongs to, who then may not decide on its proposals. Holds for the agent, whatever key or token it uses. Left out: as laid down already.',
  })
  owner?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The clone it is bound to: what is proposed with the key is in this clone’s voice, under its pause and budgets. Left out: any.',
  })
  cloneId?: string | null;

  @Field(() => Date, { nullable: true, description: 'When it shall run out. Left out: when it is revoked.' })
  expiresAt?: Date | null;
}

export const createApiKeyInput = z.object({
  name: textInput(100),
  agent: principal,
  owner: principal.optional(),
  cloneId: idInput.optional(),
  expiresAt: z.date().optional(),
});

@InputType({ description: 'A key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'Id of the key.' })
  apiKeyId!: string;
}

export const revokeApiKeyInput = z.object({ apiKeyId: z.string() });

@InputType({ description: 'What to lay down about a principal.' })
export class SetUserInput {
  @Field(() => String, { description: 'Its name, as in tokens. Another case is not another principal.' })
  name!: string;

  @Field(() => [RoleEnum], {
    description: 'The roles it may have at most; a token that carries more does not give more. At least one.',
  })
  roles!: Role[];

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the person who answers for it. Its own name: it answers for itself. Left out: as it was. What belongs to an agent belongs to that agent’s owner.',
  })
  owner?: string | null;
}

export const setUserInput = z.object({
  name: principal,
  roles: z.array(z.custom<Role>(isRole)).min(1, 'expected at least one role; to lock somebody out use suspendUser'),
  owner: principal.optional(),
});

@InputType({ description: 'A principal to lock out.' })
export class SuspendUserInput {
  @Field(() => String, { description: 'Its name, as in tokens; it need not have a record yet.' })
  name!: string;

  @Field(() => String, {
    description: 'Why: at most 500 characters. Goes into the log, which everybody in the tenant may read.',
  })
  reason!: string;
}

export const suspendUserInput = z.object({ name: principal, reason: textInput(500) });

@InputType({ description: 'A principal to let in again.' })
export class ReinstateUserInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
}

export const reinstateUserInput = z.object({ name: principal });

@InputType({ description: 'A clone to create.' })
export class CreateCloneInput {
  @Field(() => String, {
    description: 'Short name, unique in the tenant, never changed: lower-case letters, digits and "-", at most 63.',
  })
  slug!: string;

  @Field(() => String, { description: 'Name to show: at most 100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for: at most 1,000 characters.' })
  description?: string | null;
}

const description = z
  .union([z.literal(''), textInput(1_000)])
  .transform((value) => (value === '' ? null : value))
  .optional();

export const createCloneInput = z.object({
  slug: z
    .string()
    .refine(isShortName, 'expected lower-case letters, digits and "-", a letter first, at most 63 characters'),
  name: textInput(100),
  description,
});

@InputType({ description: 'What to change of a clone.' })
export class UpdateCloneInput {
  @Field(() => ID, { description: 'Which clone.' })
  cloneId!: string;

  @Field(() => String, { nullable: true, description: 'Name to show. Left out: as it was.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for; empty: nothing. Left out: as it was.' })
  description?: string | null;
}

export const updateCloneInput = z.object({ cloneId: z.string(), name: textInput(100).optional(), description });
