import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Id } from '../../kernel/ids.js';
import type { Transactor } from '../../kernel/transaction.js';
import type { JobContext, JobOutcome } from '../jobs/index.js';
import { assemble, type DailyDigest, type Day, dayBefore, dayOf, render } from './domain/digest.js';
import type { DigestPost, DigestReader } from './ports.js';

export interface DigestParts {
  readonly transactor: Transactor;
  readonly digests: DigestReader;
  readonly clock: Clock;
  /** Undefined: no emails go out. */
  readonly post: DigestPost | undefined;
}

/** What happened in a tenant on a day, for people who were not there. */
export class Digests {
  constructor(private readonly parts: DigestParts) {}

  /** @param instant any of the day; left out: of today so far */
  daily(actor: Actor, instant?: Date): Promise<DailyDigest> {
    return this.of(actor.tenantId, dayOf(instant ?? this.parts.clock.now()));
  }

  /** Makes the digest of the day that ended last and sends it to each of the tenant's recipients. Fails when one fails. */
  async run({ tenantId, now, signal }: JobContext): Promise<JobOutcome> {
    const { post } = this.parts;
    const day = dayBefore(dayOf(now));
    const digest = await this.of(tenantId, day);
    const recipients = (await post?.recipients(tenantId)) ?? [];
    let emails = 0;
    const failures: unknown[] = [];
    for (const [index, address] of recipients.entries()) {
      signal.throwIfAborted();
      const sending = post?.send({
        to: [address],
        subject: `Countersign: ${day.date}`,
        text: render(digest),
        // The same for the same digest, so that one sent again is recognised.
        messageId: `<digest.${tenantId}.${day.date}.${index}@${post.domain}>`,
      });
      // One that is refused keeps nobody else's from going out.
      await sending?.then(
        () => {
          emails += 1;
        },
        (error: unknown) => failures.push(error),
      );
    }
    if (failures.length > 0) {
      const message = `expected ${recipients.length} digests to be sent, ${failures.length} were not`;
      throw new AggregateError(failures, message);
    }
    return { counts: { accounts: digest.accounts.length, goals: digest.goals.length, emails } };
  }

  private async of(tenantId: Id, day: Day): Promise<DailyDigest> {
    const { transactor, digests } = this.parts;
    return assemble(day, await transactor.run(tenantId, (tx) => digests.facts(tx, day)));
  }
}
