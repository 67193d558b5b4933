import { createHash } from 'node:crypto';
import { FeedprintError } from '@feedprint/core';

/**
 * JSON with sorted keys and no spaces, so that equal values give equal text. Properties that are `undefined` are left
 * out. Throws `config-invalid`, naming the place, for values that JSON cannot represent: NaN, infinities, functions,
 * class instances, cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', new Set());
}

/** SHA-256 of `canonicalJson(value)`, 64 hexadecimal digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function write(value: unknown, place: string, parents: Set<object>): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw notJson(place, String(value));
  if (parents.has(value)) throw notJson(place, 'a cycle');
  parents.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item, i) => write(item, `${place}[${i}]`, parents)).join(',')}]`
    : writeObject(value, place, parents);
  parents.delete(value);
  return text;
}

function writeObject(value: object, place: string, parents: Set<object>): string {
  // A plain object of any realm: its prototype is null or the root of a prototype chain.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notJson(place, `an instance of ${value.constructor.name}`);
  }
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${place}.${key}`, parents)}`);
  return `{${parts.join(',')}}`;
}

function notJson(place: string, what: string): FeedprintError {
  return new FeedprintError({
    code: 'config-invalid',
    message: `${place} is ${what}, which JSON cannot represent`,
    remedy: 'use finite numbers, strings, booleans, null, arrays and plain objects',
  });
}
