import type { Term } from './chapter.ts';

/** Terms that several chapters use; each names those it needs, and the glossary has each once. */
export const terms = {
  stated: {
    term: 'stated feedback',
    meaning: 'What the feedback was meant to say, for example +3 for “wonderful”.',
  },
  chance: {
    term: 'p, q',
    meaning:
      'p: how often chance alone would give so strong a contradiction. q: the same, adjusted for testing many words (Benjamini-Hochberg); among words with q below 0.05, at most 5 % are expected to be chance.',
  },
  auroc: {
    term: 'AUROC',
    meaning:
      'Probability that a positive word’s estimate exceeds a negative word’s; 0.5 is chance.',
  },
  control: {
    term: 'control',
    meaning:
      'The same computation where there can be no learned feedback; whatever it shows is not learning.',
  },
  site: {
    term: 'site',
    meaning: 'A point of the forward pass: blocks.3.hook_mlp_out is the output of layer 3’s MLP.',
  },
  dictionary: {
    term: 'SAE, dictionary, feature',
    meaning:
      'Sparse autoencoder: rewrites activations as sums of a few entries of a learned dictionary. Each entry is a feature.',
  },
  density: {
    term: 'L0, density',
    meaning:
      'L0: mean number of features active per token. Density: share of tokens on which a feature is active.',
  },
  ablation: {
    term: 'ablation',
    meaning: 'Running the model with chosen features held at zero and everything else unchanged.',
  },
  oddsRatio: {
    term: 'odds ratio',
    meaning:
      'How many times as high the odds of one thing are where another holds; 1 means no relation.',
  },
} as const satisfies Readonly<Record<string, Term>>;
