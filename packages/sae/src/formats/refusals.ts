import { FeedprintError } from '@feedprint/core';
import type { Site } from '@feedprint/core';
import { z } from 'zod';

/** The error for something about an SAE that is not supported here. */
export const unsupported = (path: string, problem: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'checkpoint-unsupported', message: `${path}: ${problem}`, remedy });

/**
 * The caller's site, else the file's. Throws `usage` if neither says: a guessed site would give meaningless numbers.
 * `named` is what the file calls a place that is not a known site.
 */
export function requireSite(
  path: string,
  given: Site | undefined,
  stored?: string | null,
  named?: string | null,
): Site {
  const site = given ?? stored;
  if (site) return site;
  throw new FeedprintError({
    code: 'usage',
    message: `${path} does not say which site its SAE reads${named ? ` (${named} is not a known one)` : ''}`,
    remedy: 'pass site, such as blocks.3.hook_mlp_out',
  });
}

/** Validates a configuration. Throws `checkpoint-unsupported`, saying what does not fit. */
export function parseConfig<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unsupported(
    path,
    `is not a readable configuration: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    'see the formats in the README of @feedprint/sae',
  );
}
