import type { AuditReport } from '@feedprint/core';
import { count, percent } from '../format.ts';
import { plural } from '../text.ts';

/** What a reader must not conclude, general limits of the method first, then those of this run. */
export function limits(report: AuditReport): string[] {
  const { texts, words, features, validation, saes } = report;
  const few = words.filter((word) => word.n < 10).length;
  const neutral = words.filter((word) => word.stated === 0).length;
  const unlabelled = features.filter((feature) => feature.label === null).length;
  const dead = saes.filter((sae) => sae.alive < 0.5).length;
  return [
    'The learned feedback is read from how tuning shifted the model’s probabilities. It equals a reward only as far as tuning was KL-regularised and came near its optimum; its scale is arbitrary, its order and sign are what is compared.',
    'A flagged word is evidence of a difference between told and learned. It does not say why: the training data may have expressed something else than was meant, or tuning may have generalised wrongly.',
    'Words are judged one by one, in the contexts of these texts. Meaning that spans several words is seen only through its parts.',
    'Features come from sparse autoencoders, which can split, merge or invent features. Labels are descriptions by a labeler, tested on held-out windows but not proven; only the ablations are causal.',
    `A word that is not flagged is not thereby cleared: with few occurrences even a real contradiction stays within chance.${
      few > 0 ? ` ${plural(few, 'word')} here ${few === 1 ? 'has' : 'have'} fewer than 10.` : ''
    }`,
    neutral > 0
      ? `${plural(neutral, 'word')} stated 0 ${neutral === 1 ? 'has' : 'have'} no side to contradict.`
      : '',
    texts.unscoredWords > 0
      ? `${plural(texts.unscoredWords, 'word')} of the lexicon ${texts.unscoredWords === 1 ? 'is' : 'are'} split by the tokenizer and could not be scored.`
      : '',
    texts.truncated > 0
      ? `${count(texts.truncated)} of ${plural(texts.count, 'text')} (${percent(texts.count > 0 ? texts.truncated / texts.count : null)}) ${texts.truncated === 1 ? 'was' : 'were'} longer than the model’s context and cut there.`
      : '',
    unlabelled > 0 ? `${plural(unlabelled, 'feature')} of ${features.length} got no label.` : '',
    dead > 0
      ? `In ${plural(dead, 'dictionary', 'dictionaries')} more than half of the features were never active.`
      : '',
    validation.ablation.some(({ kind }) => kind === 'random')
      ? ''
      : 'No random features were ablated, so the effect of ablation has no control.',
    report.agreement.controls.length === 0
      ? 'Agreement was measured without controls; it cannot be told from what the base model knew already.'
      : '',
  ].filter((limit) => limit !== '');
}
