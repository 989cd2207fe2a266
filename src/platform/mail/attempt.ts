import { type Email, EmailMalformed } from './email.js';
import { type Mailer, MailOutcomeUnknown, MailRefused } from './mailer.js';

/** What an attempt to send came to: done, surely not, or perhaps. */
export type MailAttempt =
  | {
      readonly kind: 'done';
      readonly result: { readonly messageId: string; readonly accepted: string[] };
      readonly detail: string;
    }
  | { readonly kind: 'refused'; readonly detail: string; readonly permanent: boolean }
  | { readonly kind: 'unknown'; readonly detail: string };

/** Sends, and says what came of it instead of throwing. */
export const createMailAttempts = (mailer: Mailer) => ({
  async send(email: Email): Promise<MailAttempt> {
    try {
      const { messageId, accepted, rejected } = await mailer.send(email);
      const detail = `The mail server took it for ${accepted.length} recipients and refused ${rejected.length}.`;
      return { kind: 'done', result: { messageId, accepted: [...accepted] }, detail };
    } catch (error) {
      if (error instanceof EmailMalformed) return { kind: 'refused', detail: error.message, permanent: true };
      if (error instanceof MailRefused) return { kind: 'refused', detail: error.message, permanent: error.isPermanent };
      if (error instanceof MailOutcomeUnknown) return { kind: 'unknown', detail: error.message };
      throw error;
    }
  },
});
