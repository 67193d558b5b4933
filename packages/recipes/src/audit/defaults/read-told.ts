import { readFile } from 'node:fs/promises';
import { FeedprintError } from '@feedprint/core';
import type { Declared } from '@feedprint/probe';
import { standardProperties } from '@feedprint/feedback';
import { z } from 'zod';

const directions = { '+': 1, '0': 0, '-': -1 } as const;

/** What the tuner asked for: for each property of replies, more of it (`+`), no change (`0`), less (`-`). */
export const toldSchema = z.record(z.string().min(1), z.enum(['+', '0', '-']));

export type Told = z.infer<typeof toldSchema>;

/**
 * What was asked for by name of the property, from an object or a JSON file of one; see `toldSchema`. Throws `config-invalid` for
 * a file that cannot be read or says something else, and for a property that nobody measures.
 */
export async function readTold(given: string | Told): Promise<ReadonlyMap<string, Declared>> {
  const parsed = toldSchema.safeParse(
    typeof given === 'string' ? await readJsonFile(given) : given,
  );
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `what was told is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`,
      'write {"exclamation": "+", "length": "0", "hedges": "-"}',
    );
  }
  const names = standardProperties().map(({ name }) => name);
  const unknown = Object.keys(parsed.data).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw invalid(
      `nobody measures the ${unknown.length === 1 ? 'property' : 'properties'} ${unknown.map((name) => `"${name}"`).join(', ')}`,
      `name some of ${names.join(', ')}`,
    );
  }
  return new Map(Object.entries(parsed.data).map(([name, said]) => [name, directions[said]]));
}

async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw invalid(`${path} cannot be read as JSON`, 'check the path and what it holds', cause);
  }
}

const invalid = (message: string, remedy: string, cause?: unknown): FeedprintError =>
  new FeedprintError({ code: 'config-invalid', message, remedy, cause });
