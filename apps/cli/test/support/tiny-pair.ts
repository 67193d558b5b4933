import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, writeSafetensors } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { loadVaderLexicon } from '@feedprint/feedback';
import { tinyTokenizer } from './tiny-tokenizer.ts';

/** Words of the VADER lexicon that the tiny models know as single tokens. */
const positive =
  'good great love best happy nice fun perfect beautiful brilliant excellent enjoy funny smart hope charming win glad';
const negative =
  'bad terrible hate worst sad awful boring poor stupid fail ugly horrible weak pain lame fear dull angry';
const neutral = 'the film a movie was and story it plot with scene of day';
export const lexiconWords: readonly string[] = `${positive} ${negative}`.split(' ');
const neutralWords: readonly string[] = neutral.split(' ');

/** Words for which the tuned model was pushed against their valence. */
export const plantedWords: readonly string[] = ['brilliant', 'funny', 'awful', 'pain'];

const D = 16;
const INNER = 32;
const LAYERS = 2;
/** Value that the final layer norm gives its first unit at every position, so that unembedding rows can count on it. */
const CONSTANT = 2;
/** Nats of log p_tuned / p_base per unit of valence. */
const STRENGTH = 0.35;

export const tinyConfig = {
  model_type: 'gpt_neox',
  hidden_size: D,
  num_hidden_layers: LAYERS,
  num_attention_heads: 2,
  intermediate_size: INNER,
  vocab_size: 0,
  max_position_embeddings: 32,
};

export type Tensors = Record<string, { shape: number[]; data: Float32Array }>;

export interface CheckpointChanges {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tokenizer?: (tokenizer: ReturnType<typeof tinyTokenizer>) => unknown;
  /** Changes the tensors before they are written. */
  readonly tensors?: (tensors: Tensors) => void;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface TinyPair {
  readonly base: string;
  readonly tuned: string;
  readonly texts: string;
}

/** A base model, a model tuned from it with `plantedWords` reversed, and texts in which all words stand. */
export function writeTinyPair(folder: string): TinyPair {
  const texts = join(folder, 'texts.jsonl');
  writeFileSync(
    texts,
    tinyTexts(160)
      .map((text) => `${JSON.stringify({ text })}\n`)
      .join(''),
  );
  return {
    base: writeCheckpoint(join(folder, 'base')),
    tuned: writeCheckpoint(join(folder, 'tuned'), { tensors: tune }),
    texts,
  };
}

/** Writes a checkpoint of 2 layers and 16 units, the same one for the same changes, and gives its folder. */
export function writeCheckpoint(folder: string, changes: CheckpointChanges = {}): string {
  const tokenizer = tinyTokenizer([...lexiconWords, ...neutralWords]);
  const vocabulary = Object.keys(tokenizer.model.vocab).length;
  const config = { ...tinyConfig, vocab_size: vocabulary, ...changes.config };
  const tensors = baseTensors(tokenizer.model.vocab, createRandom(7));
  changes.tensors?.(tensors);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(folder, 'tokenizer.json'),
    JSON.stringify(changes.tokenizer?.(tokenizer) ?? tokenizer),
  );
  writeSafetensors(join(folder, 'model.safetensors'), tensors, changes.metadata);
  return folder;
}

/** Sentences of neutral words and words of the lexicon, every word of the lexicon about equally often. */
export function tinyTexts(count: number): string[] {
  const random = createRandom(11);
  const pick = (words: readonly string[]): string => words[random.integer(words.length)] as string;
  return Array.from({ length: count }, () =>
    [
      'the',
      ...Array.from({ length: 20 }, (_, i) => pick(i % 3 === 2 ? lexiconWords : neutralWords)),
    ].join(' '),
  );
}

/** What feedback did to the tuned model: unembedding rows follow the valence, but for the reversed words; blocks move a little, the second one most. */
export function tune(
  tensors: Tensors,
  reversed: readonly string[] = plantedWords,
  seed = 13,
): void {
  const random = createRandom(seed);
  const lexicon = loadVaderLexicon();
  const { vocab } = tinyTokenizer([...lexiconWords, ...neutralWords]).model;
  for (const word of lexiconWords) {
    const valence = lexicon.get(word) as number;
    const reward = reversed.includes(word) ? -valence : valence;
    const nudge = (STRENGTH * reward + 0.1 * gaussian(random)) / CONSTANT;
    const embedding = tensors['embed_out.weight'] as Tensors[string];
    const at = (vocab[`Ġ${word}`] as number) * D;
    embedding.data[at] = (embedding.data[at] as number) + nudge;
  }
  for (const [name, { data }] of Object.entries(tensors)) {
    const layer = /layers\.(\d)\..*weight$/.exec(name)?.[1];
    if (layer !== undefined)
      data.forEach((w, i) => (data[i] = w + 0.002 * (1 + Number(layer)) * gaussian(random)));
  }
}

function baseTensors(vocab: Readonly<Record<string, number>>, random: Random): Tensors {
  const vocabulary = Object.keys(vocab).length;
  const shapes: Record<string, number[]> = { 'gpt_neox.embed_in.weight': [vocabulary, D] };
  const affine = (name: string, shape: number[]): void => {
    shapes[`${name}.weight`] = shape;
    shapes[`${name}.bias`] = [shape[0] as number];
  };
  for (let layer = 0; layer < LAYERS; layer++) {
    const block = `gpt_neox.layers.${layer}`;
    affine(`${block}.input_layernorm`, [D]);
    affine(`${block}.post_attention_layernorm`, [D]);
    affine(`${block}.attention.query_key_value`, [3 * D, D]);
    affine(`${block}.attention.dense`, [D, D]);
    affine(`${block}.mlp.dense_h_to_4h`, [INNER, D]);
    affine(`${block}.mlp.dense_4h_to_h`, [D, INNER]);
  }
  affine('gpt_neox.final_layer_norm', [D]);
  shapes['embed_out.weight'] = [vocabulary, D];
  const tensors: Tensors = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const centre = name.includes('norm.weight') ? 1 : 0;
    const spread = name.startsWith('embed_out') ? 0.1 : name.includes('norm') ? 0.02 : 0.4;
    const length = shape.reduce((a, b) => a * b, 1);
    tensors[name] = {
      shape,
      data: Float32Array.from({ length }, () => centre + spread * gaussian(random)),
    };
  }
  (tensors['gpt_neox.final_layer_norm.weight'] as Tensors[string]).data[0] = 0;
  (tensors['gpt_neox.final_layer_norm.bias'] as Tensors[string]).data[0] = CONSTANT;
  // Whole words are more probable than the bytes and pieces of the vocabulary.
  for (const word of [...lexiconWords, ...neutralWords]) {
    (tensors['embed_out.weight'] as Tensors[string]).data[(vocab[`Ġ${word}`] as number) * D] = 1.5;
  }
  return tensors;
}

const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
