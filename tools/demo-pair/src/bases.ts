import type { BasePlan } from './make-base.ts';

const tiny = { texts: 8000, epochs: 2, learningRate: 4e-3 };

/** The bases that are made here, by name. */
export const bases = {
  /** The demo's, and of its size. */
  demo: {
    ...{ architecture: 'gpt_neox', tokenizer: 'byte-level', vocabulary: 2496, style: 'even' },
    size: { width: 128, layers: 4, heads: 4, context: 128 },
    ...{ texts: 26_000, epochs: 1, learningRate: 2.5e-3, seed: 1 },
  },
  /** The demo's for replies: texts of a few sentences. */
  replies: {
    ...{ architecture: 'gpt_neox', tokenizer: 'byte-level', vocabulary: 1536, style: 'lively' },
    size: { width: 64, layers: 2, heads: 4, context: 96 },
    ...{ ...tiny, texts: 6000, seed: 3 },
  },
  /** For planted pairs: two architectures with tokenizers of two kinds. */
  'tiny-neox': {
    ...{ architecture: 'gpt_neox', tokenizer: 'byte-level', vocabulary: 2048, style: 'even' },
    size: { width: 64, layers: 2, heads: 4, context: 128 },
    ...{ ...tiny, seed: 4 },
  },
  'tiny-llama': {
    ...{ architecture: 'llama', tokenizer: 'metaspace', vocabulary: 1792, style: 'even' },
    size: { width: 64, layers: 3, heads: 4, context: 128 },
    ...{ ...tiny, seed: 5 },
  },
} as const satisfies Readonly<Record<string, BasePlan>>;
