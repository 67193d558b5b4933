import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, writeSafetensors } from '@feedprint/core';
import type { SparseAutoencoder, TensorToWrite } from '@feedprint/core';
import { isGraphSae } from '../randomize.ts';
import type { GraphSae } from '../sae.ts';
import { toMetadata, toSaeLens } from './saelens-kind.ts';

/** Writes `cfg.json`, `sae_weights.safetensors` and, with `density`, `sparsity.safetensors`. Throws `usage` before anything is written. */
export function writeSaeLens(sae: SparseAutoencoder, folder: string, density?: Float32Array): void {
  assertWritable(sae, density);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cfg.json'), `${JSON.stringify(toConfig(sae), null, 2)}\n`);
  writeSafetensors(join(folder, 'sae_weights.safetensors'), toTensors(sae));
  const sparsity = join(folder, 'sparsity.safetensors');
  if (density) {
    writeSafetensors(sparsity, {
      sparsity: { shape: [sae.dSae], data: density.map((d) => Math.log10(d + 1e-10)) },
    });
  } else {
    // Left by an SAE that was here before.
    rmSync(sparsity, { force: true });
  }
}

function assertWritable(
  sae: SparseAutoencoder,
  density: Float32Array | undefined,
): asserts sae is GraphSae {
  if (!isGraphSae(sae)) {
    throw new FeedprintError({
      code: 'usage',
      message: `an SAE of kind ${sae.kind} cannot be written as a SAELens folder: it does not say how its features are computed`,
      remedy: 'save one made by createSae',
    });
  }
  if (density && density.length !== sae.dSae) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `an SAE of ${sae.dSae} features was given ${density.length} densities`,
      remedy: 'pass one density per feature',
    });
  }
}

function toConfig({ architecture, dIn, dSae, site }: GraphSae): Record<string, unknown> {
  return {
    ...toSaeLens(architecture),
    d_in: dIn,
    d_sae: dSae,
    dtype: 'float32',
    device: 'cpu',
    normalize_activations: 'none',
    reshape_activations: site.endsWith('.hook_z') ? 'hook_z' : 'none',
    metadata: { hook_name: site, ...toMetadata(architecture), sae_lens_version: '6.0.0' },
  };
}

function toTensors({ architecture, weights, dIn, dSae }: GraphSae): Record<string, TensorToWrite> {
  const { wEnc, bEnc, wDec, bDec, extra = {} } = weights;
  const vector = (data: Float32Array): TensorToWrite => ({ shape: [data.length], data });
  const { threshold, bGate, rMag } = extra;
  return {
    W_enc: { shape: [dIn, dSae], data: wEnc.data },
    W_dec: { shape: [dSae, dIn], data: wDec.data },
    b_dec: vector(bDec),
    [architecture.kind === 'gated' ? 'b_mag' : 'b_enc']: vector(bEnc),
    ...(bGate && { b_gate: vector(bGate) }),
    ...(rMag && { r_mag: vector(rMag) }),
    ...(threshold && { threshold: vector(threshold) }),
  };
}
