import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { findBase } from '../find-base.ts';
import { readTruth } from '../read-truth.ts';

const learnedSchema = z.object({
  difference: z.number(),
  standardError: z.number(),
  z: z.number(),
});

/** How a property of replies changed, by what the models write; in its own units. */
export type Behaviour = z.infer<typeof learnedSchema>;

/** What `feedback.json` beside a tuned model's weights says of properties of replies. */
const truthSchema = z.object({
  planted: z.record(z.string(), z.number()),
  learned: z.record(z.string(), learnedSchema),
  pairsHold: z.enum(['stated labels', 'trained labels']),
  labelNoise: z.number().default(0),
  evidence: z.enum(['development', 'held-out']).default('development'),
  method: z.string(),
});

/** A model tuned on feedback in which properties of replies were planted, with its pairs. */
export interface PlantedModelFolder {
  readonly name: string;
  readonly base: string;
  readonly tuned: string;
  readonly pairs: string;
  /** Doses of the planted properties. */
  readonly planted: Readonly<Record<string, number>>;
  /** By behaviour. */
  readonly learned: Readonly<Record<string, Behaviour>>;
  /** Whether the pairs' labels reward what was planted, and what was stated. */
  readonly inPairs: { readonly planted: boolean; readonly stated: boolean };
  readonly evidence: 'development' | 'held-out';
  readonly method: string;
}

/** Share of labels turned round from which they say nothing. */
const NO_INFORMATION = 0.5;

/**
 * A tuned model's folder with its truth. The base is `base`, or else the one checkpoint beside it. Throws `usage` for a folder without pairs or without
 * a truth about properties.
 */
export function findModel(folder: string, base?: string): PlantedModelFolder {
  const tuned = resolve(folder);
  const truth = readTruth(tuned, truthForm);
  const informs = truth.labelNoise < NO_INFORMATION;
  return {
    name: basename(tuned),
    base: base ?? findBase(tuned),
    tuned,
    pairs: pairsOf(tuned),
    planted: truth.planted,
    learned: truth.learned,
    inPairs: { planted: informs && truth.pairsHold === 'trained labels', stated: informs },
    evidence: truth.evidence,
    method: truth.method,
  };
}

const truthForm = {
  schema: truthSchema,
  about: 'which properties of replies were planted and learned',
  remedy: 'give folders that feedprint plant has written',
};

/** A clean twin has the pairs of the model that it lies in. */
function pairsOf(tuned: string): string {
  const candidates = [tuned, resolve(tuned, '..')].map((folder) => join(folder, 'pairs.jsonl.gz'));
  const found = candidates.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new FeedprintError({
    code: 'usage',
    message: `there are no pairs beside ${tuned}`,
    remedy: 'give folders that hold a pairs.jsonl.gz',
  });
}
