import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError, matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { SaeFormat, SparseAutoencoder } from '@feedprint/core';
import { z } from 'zod';
import { centresInput } from '../architectures/architectures.ts';
import type { SaeKind } from '../architectures/kinds.ts';
import { isGraphSae } from '../randomize.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';

const configSchema = z.looseObject({
  architecture: z.enum(['standard', 'topk']),
  d_in: z.int().positive(),
  d_sae: z.int().positive(),
  k: z.int().positive().optional(),
  apply_b_dec_to_input: z.boolean().default(true),
  normalize_activations: z.literal('none').default('none'),
  reshape_activations: z.literal('none').default('none'),
  rescale_acts_by_decoder_norm: z.literal(false).default(false),
  metadata: z.looseObject({ hook_name: z.string(), feedprint_kind: z.string().optional() }),
});

export interface SaeLensOptions {
  readonly threads?: number;
}

/** SAELens v6 folders: `cfg.json`, `sae_weights.safetensors`, `sparsity.safetensors` (log10 of the firing frequency). */
export function createSaeLensFormat({ threads }: SaeLensOptions = {}): SaeFormat {
  return {
    name: 'saelens',
    async save(sae, folder, density) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'cfg.json'), `${JSON.stringify(toConfig(sae), null, 2)}\n`);
      const { wEnc, bEnc, wDec, bDec } = sae.weights;
      writeSafetensors(join(folder, 'sae_weights.safetensors'), {
        W_enc: { shape: [sae.dIn, sae.dSae], data: wEnc.data },
        b_enc: { shape: [sae.dSae], data: bEnc },
        W_dec: { shape: [sae.dSae, sae.dIn], data: wDec.data },
        b_dec: { shape: [sae.dIn], data: bDec },
      });
      if (!density) return;
      writeSafetensors(join(folder, 'sparsity.safetensors'), {
        sparsity: { shape: [sae.dSae], data: density.map((d) => Math.log10(d + 1e-10)) },
      });
    },
    load: (folder) => load(folder, threads),
  };
}

function toConfig(sae: SparseAutoencoder): Record<string, unknown> {
  if (!isGraphSae(sae)) {
    throw new FeedprintError({
      code: 'usage',
      message: `an SAE of kind ${sae.kind} cannot be written as a SAELens folder: it does not say how its features are computed`,
      remedy: 'save one that createSae made',
    });
  }
  const { architecture } = sae;
  return {
    architecture: architecture.kind === 'topk' ? 'topk' : 'standard',
    d_in: sae.dIn,
    d_sae: sae.dSae,
    ...(architecture.kind === 'topk' && { k: architecture.k, rescale_acts_by_decoder_norm: false }),
    dtype: 'float32',
    device: 'cpu',
    apply_b_dec_to_input: centresInput(architecture),
    normalize_activations: 'none',
    reshape_activations: 'none',
    metadata: { hook_name: sae.site, feedprint_kind: architecture.kind, sae_lens_version: '6.0.0' },
  };
}

async function load(folder: string, threads: number | undefined): Promise<GraphSae> {
  const path = join(folder, 'cfg.json');
  const parsed = configSchema.safeParse(await readConfig(path));
  if (!parsed.success) {
    throw new FeedprintError({
      code: 'checkpoint-unsupported',
      message: `${path} is no SAE that can be read: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
      remedy: 'use a SAELens v6 folder of a standard or topk SAE',
    });
  }
  const { d_in: dIn, d_sae: dSae, metadata } = parsed.data;
  const file = openSafetensors(join(folder, 'sae_weights.safetensors'));
  const tensor = (name: string, ...shape: number[]): Float32Array => {
    const data = file.readFloats(name);
    const stored = file.tensors.get(name)?.shape.join(', ');
    if (stored === shape.join(', ')) return data;
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${file.path}: ${name} has shape [${stored}], cfg.json asks for [${shape.join(', ')}]`,
      remedy: 'use the cfg.json that belongs to the weights',
    });
  };
  try {
    return createSae({
      site: metadata.hook_name,
      architecture: architectureOf(parsed.data),
      weights: {
        wEnc: matrix(dIn, dSae, tensor('W_enc', dIn, dSae)),
        bEnc: tensor('b_enc', dSae),
        wDec: matrix(dSae, dIn, tensor('W_dec', dSae, dIn)),
        bDec: tensor('b_dec', dIn),
      },
      ...(threads !== undefined && { threads }),
    });
  } finally {
    file.close();
  }
}

function architectureOf(config: z.infer<typeof configSchema>): SaeKind {
  if (config.architecture === 'topk') return { kind: 'topk', k: config.k ?? 100 };
  return config.apply_b_dec_to_input ? { kind: 'relu' } : { kind: 'tied' };
}

async function readConfig(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read as JSON`,
      remedy: 'point to a SAELens folder with cfg.json and sae_weights.safetensors',
      cause,
    });
  }
}
