import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const FORM = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed secret cannot be opened. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Seals secrets for the database with AES-256-GCM under a key of its own, derived from the server's secret.
 *
 * @param secret of the server; whoever changes it makes everything sealed so far unreadable
 */
export function createSealer(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'countersign.sealing.v1', KEY_BYTES));
  return {
    /** @param purpose bound to what is sealed: moved to another row it cannot be opened */
    seal(text: string, purpose: string): string {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORM}.${sealed.toString('base64url')}`;
    },
    /** @throws SealBroken */
    open(sealed: string, purpose: string): string {
      const [form, content = ''] = sealed.split('.');
      const bytes = Buffer.from(content, 'base64url');
      if (form !== FORM || bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('not a sealed secret');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-TAG_BYTES));
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
        return text.toString('utf8');
      } catch (cause) {
        const message =
          'a secret was sealed under another key or for another purpose; set COUNTERSIGN_SEALING_KEY back';
        throw new SealBroken(message, { cause });
      }
    },
  };
}
