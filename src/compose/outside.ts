import type { Config } from '../config.js';
import type { DigestPost } from '../features/digest/index.js';
import type { ModelSettings } from '../features/models/index.js';
import { DomainError } from '../kernel/errors.js';
import type { Id } from '../kernel/ids.js';
import { secretOf } from '../platform/db/data-folder.js';
import { createMailAttempts } from '../platform/mail/attempt.js';
import { createMailer, type Mailer } from '../platform/mail/mailer.js';
import { createPoster } from '../platform/outbound/post.js';
import { createSealer } from '../platform/sealing.js';
import type { OutsideSettings } from './actions.js';

/** What hands over emails of this server, whatever they are; undefined: none go out. */
export const mailerOf = ({ mail }: Pick<Config, 'mail'>): Mailer | undefined =>
  mail && createMailer({ url: mail.smtpUrl, from: mail.from });

/** How connectors reach the outside by the settings. Without a key, sealing refuses with VALIDATION_FAILED. */
export function outsideOf(config: Config, mailer: Mailer | undefined): OutsideSettings {
  const { sealingKey, jwtSecret, jwks, databaseUrl, dataDir, mail, allowPrivateTargets, retrySeconds } = config;
  const key = sealingKey ?? jwtSecret ?? (jwks || databaseUrl ? undefined : secretOf(dataDir));
  const unsealable = (): never => {
    throw new DomainError(
      'VALIDATION_FAILED',
      'This server has nothing to seal secrets with: set COUNTERSIGN_SEALING_KEY.',
    );
  };
  return {
    sealer: key === undefined ? { seal: unsealable, open: unsealable } : createSealer(key),
    poster: createPoster({ allowPrivate: allowPrivateTargets }),
    emails: mailer && createMailAttempts(mailer),
    mailHost: mail?.host ?? 'localhost',
    firstDelayMs: retrySeconds * 1_000,
  };
}

/** Where daily digests go by the settings; undefined: nowhere. */
export function digestPostOf(
  { mail, digestTo }: Pick<Config, 'mail' | 'digestTo'>,
  mailer: Mailer | undefined,
  findTenant: (slug: string) => Promise<{ readonly id: Id } | undefined>,
): DigestPost | undefined {
  if (!mail || !mailer) return undefined;
  return {
    domain: mail.host,
    async recipients(tenantId) {
      const slugs = new Set(digestTo.map(({ tenant }) => tenant));
      const found = await Promise.all([...slugs].map(async (slug) => ({ slug, id: (await findTenant(slug))?.id })));
      const own = new Set(found.filter(({ id }) => id === tenantId).map(({ slug }) => slug));
      return digestTo.filter(({ tenant }) => own.has(tenant)).map(({ address }) => address);
    },
    send: (email) => mailer.send(email),
  };
}

/** The model that the settings name. Nothing that speaks to models is loaded unless they name one. */
export async function modelOf(
  { model }: Pick<Config, 'model'>,
  onAsked: ModelSettings['onAsked'],
): Promise<ModelSettings | undefined> {
  if (!model) return undefined;
  const { createEndpoint } = await import('../platform/llm/endpoint.js');
  const { url, name, key, timeoutSeconds, tokensPerDay, prices } = model;
  const endpoint = createEndpoint({ url: url.href, name, key, timeoutMs: timeoutSeconds * 1_000 });
  return { endpoint, name, tokensPerDay, prices, onAsked };
}
