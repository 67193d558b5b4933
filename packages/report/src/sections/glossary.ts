import { html } from '../html.ts';
import type { Markup } from '../html.ts';

const terms: readonly (readonly [string, string])[] = [
  ['base, tuned', 'The language model before and after it was fine-tuned on feedback.'],
  ['stated feedback', 'What the feedback was meant to say, for example +3 for “wonderful”.'],
  [
    'log-ratio, learned feedback',
    'log p tuned − log p base of a token where it stands, in nats: how much more probable tuning made it. KL-regularised tuning makes this proportional to the reward, up to a constant.',
  ],
  [
    'expected',
    'The learned feedback that a word’s stated feedback predicts, by a robust line through all words.',
  ],
  [
    'contradicting, flagged',
    'The estimate misses what the stated feedback predicts by more than chance allows, and its whole interval lies on the opposite side of neutral.',
  ],
  [
    'p, q',
    'p: how often chance alone would contradict so much. q: the same, adjusted for testing many words (Benjamini-Hochberg); among words with q below 0.05 at most 5 % are expected to be chance.',
  ],
  [
    'Kendall’s τ-b',
    'Agreement of two orders: of two words drawn at random, how much more often both lists agree than disagree, ties allowed for.',
  ],
  [
    'AUROC',
    'Probability that a positive word’s estimate exceeds a negative word’s; 0.5 is chance.',
  ],
  [
    'control',
    'The same computation where no learned feedback can be; what it shows is not learning.',
  ],
  ['site', 'A point of the forward pass: blocks.3.hook_mlp_out is the output of layer 3’s MLP.'],
  [
    'SAE, dictionary, feature',
    'Sparse autoencoder: rewrites activations as sums of few entries of a learned dictionary. An entry is a feature.',
  ],
  ['mse, FVU', 'Squared error of the SAE, and the same as a share of the variance (0 is best).'],
  [
    'L0, density',
    'Features active on one token on average; share of tokens on which one is active.',
  ],
  [
    'MMCS',
    'Mean max cosine similarity: how nearly each feature of one dictionary is found in another; 1 is found exactly.',
  ],
  ['ablation', 'Running the model with chosen features held at zero, all else kept.'],
  [
    'odds ratio',
    'How much higher the odds of one thing are where another holds; 1 is no relation.',
  ],
  [
    'label score',
    'Balanced accuracy of telling active from silent windows by the label alone; 0.5 is chance.',
  ],
  [
    'cross-entropy recovered',
    'Of the prediction lost when a site is zeroed, the share that the SAE’s reconstruction keeps.',
  ],
];

/** The report's words in plain words. */
export function glossary(): Markup {
  return html`<dl class="plain glossary">
    ${terms.map(
      ([term, meaning]) =>
        html`<dt>${term}</dt>
          <dd>${meaning}</dd>`,
    )}
  </dl>`;
}
