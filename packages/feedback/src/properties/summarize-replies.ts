import type { Property, Reply } from '@feedprint/core';
import { measureProperties } from './measure-properties.ts';
import type { MeasureOptions } from './measure-properties.ts';
import { createMoments } from './moments.ts';
import type { PropertyMoments } from './moments.ts';

export interface RepliesOfProperty extends PropertyMoments {
  readonly name: string;
  readonly definition: string;
}

/** How much of each property replies have. */
export async function summarizeReplies(
  replies: readonly Reply[],
  properties: readonly Property[],
  options: MeasureOptions = {},
): Promise<RepliesOfProperty[]> {
  const values = await measureProperties(properties, replies, options);
  return properties.map(({ name, definition }, p) => {
    const moments = createMoments();
    for (const value of values[p] as Float64Array) moments.add(value);
    return { name, definition, ...moments.moments() };
  });
}
