import type { Config } from './config.js';
import type { DigestPost } from './features/digest/index.js';
import type { Id } from './kernel/ids.js';
import { createMailer } from './platform/mail/mailer.js';

/** Where daily digests go by the settings; undefined: nowhere. */
export function digestPostOf(
  { mail, digestTo }: Pick<Config, 'mail' | 'digestTo'>,
  findTenant: (slug: string) => Promise<{ readonly id: Id } | undefined>,
): DigestPost | undefined {
  if (!mail) return undefined;
  const mailer = createMailer({ url: mail.smtpUrl, from: mail.from });
  return {
    domain: mail.from.slice(mail.from.lastIndexOf('@') + 1).replace(/>$/, ''),
    async recipients(tenantId) {
      const slugs = new Set(digestTo.map(({ tenant }) => tenant));
      const found = await Promise.all([...slugs].map(async (slug) => ({ slug, id: (await findTenant(slug))?.id })));
      const own = new Set(found.filter(({ id }) => id === tenantId).map(({ slug }) => slug));
      return digestTo.filter(({ tenant }) => own.has(tenant)).map(({ address }) => address);
    },
    send: (email) => mailer.send(email),
  };
}
