import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Role } from '../../../kernel/actor.js';
import { connectionOf } from '../../../platform/graphql/connection.js';
import type { NewApiKey, OwnedApiKey } from '../api-keys.js';

export const RoleEnum = { AGENT: 'agent', APPROVER: 'approver', MANAGER: 'manager', ADMIN: 'admin' } as const;
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What a signed-in caller may do.',
  valuesConfig: {
    AGENT: { description: 'A sales agent program: proposes, claims and reports actions.' },
    APPROVER: { description: 'A person who approves or rejects what agents propose.' },
    MANAGER: { description: 'A sales manager: sets goals, and may decide as an approver does.' },
    ADMIN: { description: 'Looks after the tenant; may do everything a manager may, import data, and manage access.' },
  },
});

@ObjectType({ description: 'Who the server takes you for.' })
export class Viewer {
  @Field(() => String, {
    description: 'Your name within the tenant: the subject of your token, or the agent of your API key.',
  })
  name!: string;

  @Field(() => String, {
    description: 'Who answers for you: the person you belong to, if you are an agent of somebody; else your own name.',
  })
  root!: string;

  @Field(() => String, { description: 'Short name of your tenant. Everything you see belongs to it.' })
  tenant!: string;

  @Field(() => [RoleEnum], { description: 'What you may do.' })
  roles!: Role[];
}

@ObjectType('Clone', { description: 'An agent persona of the tenant: whose voice an action is in.' })
export class CloneType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'Short name, unique in the tenant.' })
  slug!: string;

  @Field(() => String, { description: 'Name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What this clone is for.' })
  description!: string | null;
}

@ObjectType('User', {
  description:
    'What the tenant has laid down about one of its principals, a person or an agent. Who has no such record is what their token says.',
})
export class UserType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'The name in tokens. Another case is not another principal.' })
  name!: string;

  @Field(() => [RoleEnum], {
    nullable: true,
    description: 'The roles it has at most: those of these that its token carries. Null: those of its token.',
  })
  roles!: readonly Role[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who answers for it: it counts as this person where nobody may decide on their own proposal. Null: itself.',
  })
  owner!: string | null;

  @Field(() => Date, { nullable: true, description: 'Since when it is locked out; null while it is not.' })
  suspendedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who suspended it.' })
  suspendedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was suspended.' })
  suspendReason!: string | null;

  @Field(() => Date, { description: 'When the record was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType('ApiKey', { description: 'A key with which an agent calls. Its secret is shown once, when it is made.' })
export class ApiKeyType {
  @Field(() => ID, { description: 'Stable identifier.' })
  id!: string;

  @Field(() => String, { description: 'The part of the secret behind `csk_`: tells keys apart, opens nothing.' })
  publicId!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => String, { description: 'The principal who calls with it, always in the role AGENT.' })
  agent!: string;

  @Field(() => String, { description: 'Who answers for the agent now: the person it belongs to, or itself.' })
  root!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The clone it is bound to: what is proposed with the key is in this clone’s voice. Null: any clone.',
  })
  cloneId!: string | null;

  @Field(() => String, { description: 'Who made it.' })
  createdBy!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it runs out; null: when it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null while it was not.' })
  revokedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Who revoked it.' })
  revokedBy!: string | null;
}

@ObjectType({ description: 'A new API key.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { description: 'The key as it is listed from now on.' })
  apiKey!: ApiKeyType;

  @Field(() => String, {
    description:
      'Send it as `Authorization: Bearer csk_…`. This is the only time it is shown: the server keeps a hash of it.',
  })
  secret!: string;
}

export const UserConnection = connectionOf('User', () => UserType);
export const ApiKeyConnection = connectionOf('ApiKey', () => ApiKeyType);

export const toApiKey = ({ key: { tenantId: _tenant, ...key }, root }: OwnedApiKey): ApiKeyType => ({ ...key, root });

export const toNewApiKey = (made: NewApiKey): CreateApiKeyPayload => ({ apiKey: toApiKey(made), secret: made.secret });
