import { createHash, timingSafeEqual } from 'node:crypto';
import type { Id } from '../../../kernel/ids.js';

/** An API key as it is listed. The secret itself is nowhere: it was shown once, to who made the key. */
export interface ApiKey {
  readonly tenantId: Id;
  readonly id: Id;
  /** The middle of the secret: says which key it is, and opens nothing. */
  readonly publicId: string;
  /** What people call it. */
  readonly name: string;
  /** The principal who calls with it. */
  readonly agent: string;
  /** The clone it was made for; null: none in particular. */
  readonly cloneId: Id | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** The key is good before this instant; null: until it is revoked. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** The secret's parts: a mark that scanners for leaked keys recognise, the public id, 32 random bytes. */
const SECRET = /^csk_([0-9a-f]{20})_[A-Za-z0-9_-]{43}$/;

export const isApiKeySecret = (text: string): boolean => text.startsWith('csk_');

/** @param publicId 20 hex digits; @param random 32 bytes in base64url */
export const toSecret = (publicId: string, random: string): string => `csk_${publicId}_${random}`;

export const publicIdOf = (secret: string): string | undefined => SECRET.exec(secret)?.[1];

/**
 * SHA-256. A slow hash protects what people think up; these are 256 random bits, which nobody can guess whatever the
 * hash, and the check stands in the way of every request.
 */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Takes the same time wherever the two differ. */
export const isSecretOf = (secret: string, hash: Uint8Array): boolean => timingSafeEqual(hashOf(secret), hash);
