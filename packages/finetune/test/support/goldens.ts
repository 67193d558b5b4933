import { readFileSync } from 'node:fs';
import type { TokenSequence } from '../../src/index.ts';
import type { GoldenModel } from './golden-checkpoint.ts';

export const readGolden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as T;

export type Reply = readonly [prompt: readonly number[], reply: readonly number[]];

export const join = ([prompt, reply]: Reply): TokenSequence => ({
  ids: [...prompt, ...reply],
  start: prompt.length,
});

const architectures = readGolden<{
  readonly sequences: readonly Reply[];
  readonly models: Readonly<Record<string, GoldenModel>>;
}>('architectures');

/** Prompts with replies of mixed lengths, on the vocabulary of the tiny models. */
export const sequences: readonly TokenSequence[] = architectures.sequences.map(join);

/** A tiny model of an architecture. */
export const tiny = (name = 'gpt_neox'): GoldenModel => architectures.models[name] as GoldenModel;
