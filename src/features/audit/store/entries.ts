import type { Entry } from '../domain/seal.js';

/** Transaction and number in 8 bytes each, digest in 32. */
const ENTRY_BYTES = 48;

/** A seal's entries as one value: 48 bytes an event instead of a row each. */
export function packEntries(entries: readonly Entry[]): Buffer {
  const packed = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach(({ position: { tx, id }, digest }, index) => {
    const start = index * ENTRY_BYTES;
    packed.writeBigUInt64BE(tx, start);
    packed.writeBigInt64BE(id, start + 8);
    packed.write(digest, start + 16, 'hex');
  });
  return packed;
}

/** Reads whatever is stored, also what somebody spoiled: a piece too short becomes an entry that fits no hash. */
export function unpackEntries(packed: Uint8Array): readonly Entry[] {
  const pieces = Math.ceil(packed.length / ENTRY_BYTES);
  return Array.from({ length: pieces }, (_, index): Entry => {
    const piece = Buffer.from(packed.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES));
    const whole = Buffer.concat([piece], Math.max(piece.length, 16));
    const position = { tx: whole.readBigUInt64BE(0), id: whole.readBigInt64BE(8) };
    return { position, digest: whole.toString('hex', 16) };
  });
}
