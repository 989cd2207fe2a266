import { v7, validate } from 'uuid';

/**
 * A stable, globally unique identifier: UUID version 7, whose first 48 bits are the creation time in
 * milliseconds, so ordering by id is ordering by creation.
 */
export type Id = string;

export const newId = (now: Date): Id => v7({ msecs: now.getTime() });

export const isId = (value: string): value is Id => validate(value);
