import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '@feedprint/core';
import { temporaryFolder, tinyTokenizer, tinyWeights } from '../support/tiny-checkpoint.ts';

type Config = Readonly<Record<string, unknown>>;

/** What `transformers` computes of one row of tokens. */
export interface GoldenRow {
  readonly ids: readonly number[];
  readonly lastLogits: readonly number[];
  /** Each position's logits times `tinyWeights('projection', [vocabulary])`. */
  readonly logits: readonly number[];
  /** The same for each site. */
  readonly sites: Readonly<Record<string, readonly number[]>>;
  /** Every unit of some sites, at the last position. */
  readonly units: Readonly<Record<string, readonly number[]>>;
}

/** A tiny random model of one architecture, as tools/golden/architectures.py writes it. */
export interface GoldenModel {
  readonly config: Config;
  /** The same config as transformers 5 writes it. */
  readonly savedConfig: Config;
  /** Shapes by name. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly classifier?: {
    readonly config: Config;
    readonly scores: readonly (readonly number[])[];
  };
  readonly rows: readonly GoldenRow[];
}

const folder = new URL('../golden/architectures/', import.meta.url);

/** One golden file, by name. */
export const golden = <T = GoldenModel>(name: string): T =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as T;

/** Names of the tiny models. */
export const goldenNames: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => name !== 'stories260k');

export interface GoldenCheckpointOptions {
  /** Instead of the golden file's config. */
  readonly config?: Config;
  /** Instead of the golden file's tensors. */
  readonly tensors?: GoldenModel['tensors'];
  /** Name that a tensor is written under. */
  readonly rename?: (name: string) => string;
  /** Numbers of a tensor. Default: `tinyWeights`. */
  readonly numbers?: (name: string, shape: readonly number[]) => Float32Array;
}

/** Writes the model's checkpoint, and gives its folder. */
export function writeGoldenCheckpoint(
  model: GoldenModel,
  {
    config = model.config,
    tensors = model.tensors,
    rename,
    numbers = tinyWeights,
  }: GoldenCheckpointOptions = {},
): string {
  const path = temporaryFolder();
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
  writeFileSync(join(path, 'tokenizer.json'), JSON.stringify(tinyTokenizer()));
  writeSafetensors(
    join(path, 'model.safetensors'),
    Object.fromEntries(
      Object.entries(tensors).map(([name, shape]) => [
        rename?.(name) ?? name,
        { shape, data: numbers(name, shape) },
      ]),
    ),
  );
  return path;
}

/** The checkpoint of the same model with a classification head. */
export function writeGoldenClassifier(model: GoldenModel): string {
  const { config = {}, scores: [[...first] = []] = [] } = model.classifier ?? {};
  const isHead = (name: string): boolean => /^(lm_head|embed_out)\./.test(name);
  const width = Number(model.config.hidden_size ?? model.config.n_embd);
  const body = Object.entries(model.tensors).filter(([name]) => !isHead(name));
  return writeGoldenCheckpoint(model, {
    config: { ...model.config, ...config },
    tensors: { ...Object.fromEntries(body), 'score.weight': [first.length, width] },
  });
}
