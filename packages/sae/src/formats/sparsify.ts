import { basename, join } from 'node:path';
import { z } from 'zod';
import { createSae } from '../sae.ts';
import { checkTensors } from './checked-tensors.ts';
import { siteOfModule } from './module-sites.ts';
import { parseConfig, requireSite, unsupported } from './refusals.ts';
import type { SaeReader } from './sae-reader.ts';

const count = z.int().positive();
const schema = z.looseObject({
  d_in: count,
  k: count.default(32),
  expansion_factor: count.default(32),
  num_latents: z.int().nonnegative().default(0),
  activation: z.string().default('topk'),
  skip_connection: z.boolean().default(false),
  transcode: z.boolean().default(false),
  signed: z.boolean().default(false),
});

/**
 * sparsify (EleutherAI): `<hookpoint>/cfg.json` and `sae.safetensors`. `W_dec` is stored `[latents, d_in]`, as it is used;
 * the input is always centred, whatever `normalize_decoder` says. The folder's name gives the site if it is that of a
 * module.
 */
export const sparsifyReader: SaeReader = {
  name: 'sparsify folder (cfg.json, sae.safetensors)',
  recognises: ({ cfg, weights }) =>
    cfg !== undefined &&
    'd_in' in cfg &&
    weights?.names.has('encoder.weight') === true &&
    (weights.names.has('W_dec') || 'expansion_factor' in cfg || 'num_latents' in cfg),
  load({ folder, weights, cfg }, { site, threads }) {
    const path = join(folder, 'cfg.json');
    const config = parseConfig(path, schema, cfg);
    refuse(path, config);
    if (!weights) throw unsupported(folder, 'no weights', 'add sae.safetensors');
    const { d_in: dIn, k } = config;
    const dSae = config.num_latents || dIn * config.expansion_factor;
    const tensors = checkTensors(weights);
    const read = {
      wEnc: tensors.transposed('encoder.weight', dIn, dSae),
      bEnc: tensors.vector('encoder.bias', dSae),
      wDec: tensors.matrix('W_dec', dSae, dIn),
      bDec: tensors.vector('b_dec', dIn),
    };
    tensors.assertAllUsed('a sparsify SAE');
    return createSae({
      site: requireSite(path, site, siteOfModule(basename(folder))),
      architecture: { kind: 'topk', k },
      weights: read,
      ...(threads !== undefined && { threads }),
    });
  },
};

function refuse(path: string, config: z.output<typeof schema>): void {
  if (config.transcode || config.skip_connection) {
    const name = config.transcode ? 'transcode' : 'skip_connection';
    throw unsupported(path, `${name}: it predicts one site from another`, 'use an SAE');
  }
  if (config.activation !== 'topk' || config.signed) {
    const name = config.signed ? 'signed topk' : config.activation;
    throw unsupported(path, `activation ${name} is not known`, 'use an SAE with activation topk');
  }
}
