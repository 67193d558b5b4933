import { z } from 'zod';
import { centresInput } from '../architectures/architectures.ts';
import type { SaeKind } from '../architectures/kinds.ts';
import { parseConfig } from './refusals.ts';
import type { SaeLensConfig } from './saelens-config.ts';

const count = z.int().positive();
const batchTopKOptions = z.looseObject({ k: count });
const matryoshkaOptions = z.looseObject({ k: count, widths: z.array(count) });
const crosscoderOptions = z.looseObject({ k: count, models: count });

/** The part of `cfg.json` that says how features are computed. */
export function toSaeLens(kind: SaeKind): Record<string, unknown> {
  const architecture = saeLensArchitectures[kind.kind];
  return {
    architecture,
    ...(kind.kind === 'topk' && { k: kind.k, rescale_acts_by_decoder_norm: false }),
    apply_b_dec_to_input: centresInput(kind),
  };
}

/** What SAELens cannot express and ignores in `metadata`: the kind and its options. */
export function toMetadata(architecture: SaeKind): Record<string, unknown> {
  const { kind, ...options } = architecture;
  const inConfig = kind === 'topk' || Object.keys(options).every((name) => name === 'centred');
  return { feedprint_kind: kind, ...(!inConfig && { feedprint_options: options }) };
}

const saeLensArchitectures: Readonly<Record<SaeKind['kind'], SaeLensConfig['architecture']>> = {
  tied: 'standard',
  relu: 'standard',
  gated: 'gated',
  topk: 'topk',
  jumprelu: 'jumprelu',
  batchtopk: 'jumprelu',
  matryoshka: 'jumprelu',
  crosscoder: 'crosscoder',
};

/** The kind of a SAELens configuration; the one in its metadata if that is a special case of the architecture. */
export function fromSaeLens(path: string, config: SaeLensConfig): SaeKind {
  const { architecture, centred, k, feedprintKind, feedprintOptions: options } = config;
  const notCentred = centred ? {} : { centred };
  const stored = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> =>
    parseConfig(`${path} (metadata.feedprint_options)`, schema, options);
  switch (architecture) {
    case 'standard':
      return feedprintKind === 'tied' && !centred
        ? { kind: 'tied' }
        : { kind: 'relu', ...notCentred };
    case 'gated':
      return { kind: 'gated' };
    case 'topk':
      return { kind: 'topk', k: parseConfig(`${path} (k)`, count, k), ...notCentred };
    case 'jumprelu':
      if (feedprintKind === 'batchtopk' && centred) {
        return { kind: 'batchtopk', k: stored(batchTopKOptions).k };
      }
      if (feedprintKind === 'matryoshka' && centred) {
        const { k: active, widths } = stored(matryoshkaOptions);
        return { kind: 'matryoshka', k: active, widths };
      }
      return { kind: 'jumprelu', ...notCentred };
    case 'batchtopk':
      return centred ? { kind: 'batchtopk', k } : { kind: 'jumprelu', centred };
    case 'matryoshka_batchtopk': {
      const { widths, dSae } = config;
      const nested = widths.at(-1) === dSae ? widths : [...widths, dSae];
      return centred ? { kind: 'matryoshka', k, widths: nested } : { kind: 'jumprelu', centred };
    }
    case 'crosscoder': {
      const { k: active, models } = stored(crosscoderOptions);
      return { kind: 'crosscoder', k: active, models };
    }
  }
}
