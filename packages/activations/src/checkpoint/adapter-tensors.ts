import { FeedprintError } from '@feedprint/core';
import type { SafetensorsFile } from '@feedprint/core';
import { scoreWeight } from '../architectures/architecture.ts';
import type { Decoder } from '../architectures/decoder.ts';
import { linearLayers } from '../architectures/linear-layers.ts';
import type { AdapterConfig } from './adapter-config.ts';
import { withoutWrappers } from './decoder-weights.ts';
import type { WeightSource } from './weight-source.ts';

/** The update of one weight. */
export interface Factors {
  /** Names in the adapter's file of A `[rank, input]` and B `[output, rank]`. */
  readonly a: string;
  readonly b: string;
  readonly rank: number;
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** The weight is `[input, output]`: an embedding, or the Conv1D of GPT-2. */
  readonly inputFirst: boolean;
}

/** An adapter's tensors by the base's names. */
export interface AdapterTensors {
  /** Weight -> tensor of the adapter that replaces it. */
  readonly whole: ReadonlyMap<string, string>;
  /** Weight -> what is added to it. */
  readonly factors: ReadonlyMap<string, Factors>;
}

const factor = /^(.+)\.lora_(embedding_)?([AB])(?:\.default)?(?:\.weight)?$/;
/** The name that peft puts around a module that it saves whole. */
const wrapper = /\.(?:modules_to_save(?:\.default)?|base_layer)(?=\.[^.]+$)/;

/**
 * Finds the weight of the base, under the names of `decoder`, that each tensor of an adapter belongs to. An embedding
 * or head that the adapter holds whole may have rows for more tokens. Throws `models-mismatched` if there is no such
 * weight or its shape differs, `checkpoint-invalid` for tensors that do not belong to LoRA or do not fit
 * `adapter_config.json`.
 */
export function sortTensors(
  file: SafetensorsFile,
  config: AdapterConfig,
  base: WeightSource,
  decoder: Decoder,
): AdapterTensors {
  const whole = new Map<string, string>();
  const pairs = new Map<string, { a?: string; b?: string; embedding: boolean }>();
  const unknown: string[] = [];
  for (const stored of file.tensors.keys()) {
    const name = withoutWrappers(stored.replace(/^base_model\.model\./, ''));
    const [, module, embedding, letter] = factor.exec(name) ?? [];
    if (module !== undefined) {
      const pair = pairs.get(module) ?? { embedding: embedding !== undefined };
      pair[letter === 'A' ? 'a' : 'b'] = stored;
      pairs.set(module, pair);
      continue;
    }
    const target = name.replace(wrapper, '');
    const found = inBase(base, target, decoder);
    if (found !== undefined) {
      const has = base.tensors.get(found)?.shape ?? [];
      const shape = shapeIn(file, stored);
      const rows = decidesRows(found, decoder) ? shape.slice(0, 1) : has.slice(0, 1);
      assertShape(file, config, found, [...rows, ...has.slice(1)], shape);
    }
    if (found !== undefined || savedWhole(target, config)) whole.set(found ?? target, stored);
    else unknown.push(target);
  }
  const modules = [...pairs.keys()];
  const weightOf = (module: string): string | undefined =>
    inBase(base, `${module}.weight`, decoder);
  const strangers = modules.filter((module) => weightOf(module) === undefined);
  assertAllKnown(file, config, [...strangers, ...unknown]);

  const storedInputFirst = inputFirstWeights(decoder);
  const factors = new Map<string, Factors>();
  for (const [module, { a, b, embedding }] of pairs) {
    const name = weightOf(module) as string;
    const { rank, scale } = config.update(module);
    const [r, input] = matrixShape(file, a, module);
    const [output, alsoR] = matrixShape(file, b, module);
    if (r !== rank || alsoR !== rank) {
      throw invalid(
        file,
        `the update of ${module} has rank ${r}, adapter_config.json says ${rank}`,
      );
    }
    const saved = whole.get(name);
    const shape = saved === undefined ? base.tensors.get(name)?.shape : shapeIn(file, saved);
    const inputFirst = embedding || storedInputFirst.has(name);
    assertShape(file, config, name, shape, inputFirst ? [input, output] : [output, input]);
    const names = { a: a as string, b: b as string };
    factors.set(name, { ...names, rank, input, output, scale, inputFirst });
  }
  return { whole, factors };
}

/** Weights that the architecture stores as `[input, output]`, whatever the adapter's config says about them. */
const inputFirstWeights = (decoder: Decoder): ReadonlySet<string> =>
  new Set(
    linearLayers(decoder)
      .filter(({ layout }) => layout === 'input-output')
      .map(({ weight }) => weight),
  );

/** An adapter for a model without its head leaves out the decoder's prefix. */
const inBase = (base: WeightSource, name: string, { prefix }: Decoder): string | undefined =>
  [name, prefix + name].find((candidate) => base.tensors.has(candidate));

/** Whether a weight that an adapter holds whole determines how many tokens or labels the model has. */
const decidesRows = (name: string, { embedding, head }: Decoder): boolean =>
  [embedding.tokens, head.weight, head.bias, scoreWeight].includes(name);

const shapeIn = (file: SafetensorsFile, stored: string): readonly number[] =>
  file.tensors.get(stored)?.shape ?? [];

function savedWhole(name: string, config: AdapterConfig): boolean {
  const module = name.slice(0, name.lastIndexOf('.'));
  return config.wholeModules.some((end) => module === end || module.endsWith(`.${end}`));
}

function matrixShape(
  file: SafetensorsFile,
  name: string | undefined,
  module: string,
): readonly [number, number] {
  const shape = name === undefined ? undefined : file.tensors.get(name)?.shape;
  if (!shape) throw invalid(file, `it has only one of the two factors of ${module}`);
  const [rows, columns] = shape;
  if (shape.length === 2 && rows !== undefined && columns !== undefined) return [rows, columns];
  throw invalid(file, `${name} has shape [${shape.join(', ')}], which is not a matrix`);
}

function assertShape(
  file: SafetensorsFile,
  config: AdapterConfig,
  name: string,
  inBase: readonly number[] = [],
  here: readonly number[] = [],
): void {
  if (inBase.join() === here.join()) return;
  const shapes = `[${inBase.join(', ')}] there and [${here.join(', ')}] here`;
  throw otherBase(file, config, `${name} has shape ${shapes}`);
}

function assertAllKnown(
  file: SafetensorsFile,
  config: AdapterConfig,
  names: readonly string[],
): void {
  if (names.length === 0) return;
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  throw otherBase(file, config, `the model has no ${names.slice(0, 3).join(', ')}${more}`);
}

const otherBase = (file: SafetensorsFile, { base }: AdapterConfig, why: string): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message: `${file.path} is an adapter for another base: ${why}`,
    remedy: base
      ? `use the model that it was trained on, ${JSON.stringify(base)}`
      : 'use the model that it was trained on',
  });

const invalid = (file: SafetensorsFile, problem: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${file.path} is not a LoRA adapter: ${problem}`,
    remedy: 'use a folder saved by peft',
  });
