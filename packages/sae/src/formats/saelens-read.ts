import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SaeWeights } from '@feedprint/core';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';
import { checkTensors } from './checked-tensors.ts';
import type { CheckedTensors } from './checked-tensors.ts';
import { foldFinetuning } from './finetuning.ts';
import { centreGated, foldDecoderLengths, foldScale } from './folds.ts';
import { readJson } from './json-file.ts';
import { requireSite, unsupported } from './refusals.ts';
import { fromSaeLens } from './saelens-kind.ts';
import { parseSaeLensConfig } from './saelens-config.ts';
import type { SaeLensConfig } from './saelens-config.ts';
import type { SaeReader } from './sae-reader.ts';
import { openTensorFile } from './tensor-file.ts';

/** SAELens folders of version 6 and earlier, inference files and training checkpoints; crosscoders that Feedprint saved. */
export const saeLensReader: SaeReader = {
  name: 'SAELens folder (cfg.json, sae_weights.safetensors)',
  recognises: ({ cfg, weightsPath }) =>
    weightsPath?.endsWith('sae_weights.safetensors') === true ||
    (cfg !== undefined &&
      ['d_sae', 'metadata', 'hook_name', 'hook_point'].some((key) => key in cfg)),
  load: ({ folder, weightsPath }, options) =>
    readSaeLens(folder, weightsPath ?? join(folder, 'sae_weights.safetensors'), options),
};

/** Throws `checkpoint-invalid`, `checkpoint-unsupported`, `numbers-invalid` or, without any site, `usage`. */
export function readSaeLens(
  folder: string,
  weightsPath: string,
  { site, threads }: { readonly site?: string; readonly threads?: number },
): GraphSae {
  const path = join(folder, 'cfg.json');
  const config = parseSaeLensConfig(path, readJson(path));
  const architecture = fromSaeLens(path, config);
  const scale = config.scaled ? scaleOf(folder) : 1;
  const file = openTensorFile(weightsPath);
  try {
    const tensors = checkTensors(file);
    const read = readWeights(tensors, config);
    tensors.assertAllUsed(`architecture ${config.architecture}`);
    return createSae({
      site: requireSite(path, site, config.hookName),
      architecture,
      weights: folded(read, config, scale),
      ...(threads !== undefined && { threads }),
    });
  } finally {
    file.close();
  }
}

/** In SAELens's order, so that features have its units: a threshold on features times decoder lengths shrinks with those lengths. */
function folded(read: SaeWeights, config: SaeLensConfig, scale: number): SaeWeights {
  const { rescaleByDecoderLength: rescale, architecture, centred } = config;
  const scaled = scale === 1 ? read : foldScale(read, scale);
  if (architecture === 'gated') return centred ? scaled : centreGated(scaled);
  if (!rescale) return scaled;
  const threshold = scaled.extra?.['threshold']?.map((v) => v / scale);
  return foldDecoderLengths({ ...scaled, ...(threshold && { extra: { threshold } }) });
}

function readWeights(tensors: CheckedTensors, config: SaeLensConfig): SaeWeights {
  const { dIn, dSae, architecture } = config;
  const gated = architecture === 'gated';
  const weights: SaeWeights = {
    wEnc: tensors.matrix('W_enc', dIn, dSae),
    bEnc: tensors.vector(gated ? 'b_mag' : 'b_enc', dSae),
    wDec: tensors.matrix('W_dec', dSae, dIn),
    bDec: tensors.vector('b_dec', dIn),
    extra: gated
      ? { bGate: tensors.vector('b_gate', dSae), rMag: tensors.vector('r_mag', dSae) }
      : thresholdOf(tensors, config),
  };
  return foldFinetuning(weights, tensors, config.finetuned);
}

function thresholdOf(
  tensors: CheckedTensors,
  { architecture, dSae }: SaeLensConfig,
): Readonly<Record<string, Float32Array>> {
  if (architecture === 'standard' || architecture === 'topk') return {};
  if (tensors.has('topk_threshold')) {
    return { threshold: new Float32Array(dSae).fill(tensors.number('topk_threshold')) };
  }
  if (tensors.has('log_threshold')) {
    return { threshold: tensors.vector('log_threshold', dSae).map(Math.exp) };
  }
  return { threshold: tensors.vector('threshold', dSae) };
}

/** The scale that training multiplied activations by, from a checkpoint's `activation_scaler.json`. */
function scaleOf(folder: string): number {
  const path = join(folder, 'activation_scaler.json');
  const scaler = existsSync(path) ? readJson(path) : undefined;
  const scale =
    typeof scaler === 'object' && scaler !== null && 'scaling_factor' in scaler
      ? scaler.scaling_factor
      : undefined;
  if (typeof scale === 'number' && Number.isFinite(scale) && scale > 0) return scale;
  throw unsupported(
    join(folder, 'cfg.json'),
    'normalize_activations expected_average_only_in needs the scale of the activations, which the folder does not contain',
    'add activation_scaler.json with {"scaling_factor": sqrt(d_in) / mean norm of the activations}, or fold it with SAELens and save again',
  );
}
