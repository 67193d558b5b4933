import { join } from 'node:path';
import type { SaeWeights, Site } from '@feedprint/core';
import { z } from 'zod';
import type { SaeKind } from '../architectures/kinds.ts';
import { createSae } from '../sae.ts';
import { checkTensors } from './checked-tensors.ts';
import type { CheckedTensors } from './checked-tensors.ts';
import { siteOfModule } from './module-sites.ts';
import { parseConfig, requireSite, unsupported } from './refusals.ts';
import type { SaeReader } from './sae-reader.ts';
import type { TensorFile } from './tensor-file.ts';

const schema = z.looseObject({
  trainer: z.looseObject({
    dict_class: z.string(),
    k: z.int().nullish(),
    layer: z.int().nullish(),
    submodule_name: z.string().nullish(),
  }),
  buffer: z.looseObject({ io: z.string().nullish() }).nullish(),
});

interface DictionaryFile {
  /** From the configuration; older versions keep it only there. */
  readonly k: number | undefined;
  readonly path: string;
  readonly tensors: CheckedTensors;
  readonly weights: TensorFile;
  readonly dIn: number;
  readonly dSae: number;
}

interface Dictionary {
  readonly architecture: SaeKind;
  readonly weights: SaeWeights;
}

/**
 * dictionary_learning: `config.json` and the state dict `ae.pt` exported to safetensors, features as the class's own
 * `encode` computes them. The site is that of `submodule_name`, if that is the output of a module and agrees with the
 * stated layer.
 */
export const dictionaryLearningReader: SaeReader = {
  name: 'dictionary_learning folder (config.json, the state dict as safetensors)',
  recognises: ({ config, weights }) => weights !== undefined && config?.['trainer'] !== undefined,
  load({ folder, weights, config }, { site, threads }) {
    const path = join(folder, 'config.json');
    const parsed = parseConfig(path, schema, config);
    if (!weights) throw unsupported(folder, 'no weights', 'add them as safetensors');
    const { dict_class: name } = parsed.trainer;
    const read = Object.hasOwn(classes, name) ? classes[name] : undefined;
    if (!read) {
      throw unsupported(
        path,
        `dict_class ${name} is not known`,
        `use one of ${Object.keys(classes).join(', ')}`,
      );
    }
    const tensors = checkTensors(weights);
    const isLinear = weights.names.has('encoder.weight');
    const shape = weights.shape(isLinear ? 'encoder.weight' : 'W_enc');
    const [dIn = 0, dSae = 0] = isLinear ? [...shape].reverse() : shape;
    const dictionary = read({
      path: weights.path,
      k: parsed.trainer.k ?? undefined,
      tensors,
      weights,
      dIn,
      dSae,
    });
    tensors.assertAllUsed(name);
    return createSae({
      site: requireSite(path, site, siteOf(parsed), parsed.trainer.submodule_name),
      ...dictionary,
      ...(threads !== undefined && { threads }),
    });
  },
};

function siteOf({ trainer, buffer }: z.output<typeof schema>): Site | undefined {
  if (buffer?.io != null && buffer.io !== 'out') return undefined;
  const site = trainer.submodule_name ? siteOfModule(trainer.submodule_name) : undefined;
  const agrees = trainer.layer == null || site?.startsWith(`blocks.${trainer.layer}.`);
  return agrees ? site : undefined;
}

const classes: Readonly<Record<string, (file: DictionaryFile) => Dictionary>> = {
  AutoEncoder: (file) => ({
    architecture: { kind: 'relu' },
    weights: { ...linear(file), bDec: file.tensors.vector('bias', file.dIn) },
  }),
  AutoEncoderNew: (file) => ({
    architecture: { kind: 'relu', centred: false },
    weights: { ...linear(file), bDec: file.tensors.vector('decoder.bias', file.dIn) },
  }),
  GatedAutoEncoder: ({ tensors, dIn, dSae }) => ({
    architecture: { kind: 'gated' },
    weights: {
      wEnc: tensors.transposed('encoder.weight', dIn, dSae),
      bEnc: tensors.vector('mag_bias', dSae),
      wDec: tensors.transposed('decoder.weight', dSae, dIn),
      bDec: tensors.vector('decoder_bias', dIn),
      extra: { bGate: tensors.vector('gate_bias', dSae), rMag: tensors.vector('r_mag', dSae) },
    },
  }),
  AutoEncoderTopK(file) {
    // Its threshold belongs to an option of encode that is off by default.
    file.tensors.ignore('threshold');
    return {
      architecture: { kind: 'topk', k: activeFeatures(file) },
      weights: { ...linear(file), bDec: file.tensors.vector('b_dec', file.dIn) },
    };
  },
  BatchTopKSAE: (file) => ({
    architecture: { kind: 'batchtopk', k: activeFeatures(file) },
    weights: {
      ...linear(file),
      bDec: file.tensors.vector('b_dec', file.dIn),
      extra: { threshold: threshold(file) },
    },
  }),
  MatryoshkaBatchTopKSAE(file) {
    const sizes = file.weights.integers('group_sizes');
    file.tensors.ignore('group_sizes');
    const widths = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
    return {
      architecture: { kind: 'matryoshka', k: activeFeatures(file), widths },
      weights: { ...oriented(file), extra: { threshold: threshold(file) } },
    };
  },
  JumpReluAutoEncoder: (file) => ({
    architecture: { kind: 'jumprelu', centred: false },
    weights: {
      ...oriented(file),
      extra: { threshold: file.tensors.vector('threshold', file.dSae) },
    },
  }),
};

/** Weights of torch's Linear, `[out, in]`. */
const linear = ({ tensors, dIn, dSae }: DictionaryFile): Omit<SaeWeights, 'bDec'> => ({
  wEnc: tensors.transposed('encoder.weight', dIn, dSae),
  bEnc: tensors.vector('encoder.bias', dSae),
  wDec: tensors.transposed('decoder.weight', dSae, dIn),
});

const oriented = ({ tensors, dIn, dSae }: DictionaryFile): SaeWeights => ({
  wEnc: tensors.matrix('W_enc', dIn, dSae),
  bEnc: tensors.vector('b_enc', dSae),
  wDec: tensors.matrix('W_dec', dSae, dIn),
  bDec: tensors.vector('b_dec', dIn),
});

/** Held by the weights, the configuration or both; like the library itself, this refuses two values that differ. */
function activeFeatures({ tensors, weights, path, k: configured }: DictionaryFile): number {
  const stored = weights.names.has('k') ? weights.integers('k')[0] : undefined;
  tensors.ignore('k');
  if (stored !== undefined && configured !== undefined && stored !== configured) {
    throw unsupported(
      path,
      `k is ${stored} in the weights and ${configured} in config.json`,
      'use the configuration that belongs to the weights',
    );
  }
  const k = stored ?? configured;
  if (k !== undefined && k >= 1) return k;
  throw unsupported(
    path,
    k === undefined ? 'neither the weights nor trainer in config.json give k' : `k is ${k}`,
    'set k of trainer to the number of active features that the SAE was trained with',
  );
}

function threshold({ tensors, dSae, path }: DictionaryFile): Float32Array {
  const value = tensors.number('threshold');
  if (value >= 0) return new Float32Array(dSae).fill(value);
  throw unsupported(
    path,
    `threshold ${value} was never set: training stopped before threshold_start_step`,
    'train it further, or set it to the smallest activation that counts',
  );
}
