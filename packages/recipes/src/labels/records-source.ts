import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { fromNeuronRecord } from '@feedprint/labeling';
import { hashOf } from '@feedprint/pipeline';
import type { LabelSource } from './label-source.ts';

/**
 * Features of OpenAI's automated-interpretability, whose records (`NeuronRecord`, a JSON file each) hold all the evidence; no model
 * is needed. Throws `run-invalid` for a folder without any.
 */
export function recordsSource({
  folder,
  limit,
}: {
  readonly folder: string;
  /** Most features, in the order of the names of their files. */
  readonly limit: number;
}): LabelSource {
  const evidence = jsonFiles(folder)
    .flatMap((name) => fromNeuronRecord(readJson(join(folder, name))) ?? [])
    .slice(0, limit);
  if (evidence.length === 0) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${folder} holds no neuron records`,
      remedy: "name a folder of JSON files in the format of OpenAI's automated-interpretability",
    });
  }
  return { identity: { records: hashOf(evidence) }, gather: async () => evidence };
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch {
    return [];
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
