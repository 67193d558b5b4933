import type { ControlEstimate, WordInput } from './feedback-estimator.ts';
import { occurrencesOf, predictStated } from './word-probe.ts';

/** Controls already computed for another estimator: their probes take seconds. */
const computed = new WeakMap<WordInput, readonly ControlEstimate[]>();

/** What a probe gets from the texts alone, without any model; the same for every estimator of one input. */
export function textControls(input: WordInput): readonly ControlEstimate[] {
  const known = computed.get(input) ?? compute(input);
  computed.set(input, known);
  return known;
}

function compute(input: WordInput): readonly ControlEstimate[] {
  const n = occurrencesOf(input.words);
  return [
    {
      control: 'bag of words',
      description: 'A ridge probe on the words around it, word-disjoint folds: no model at all.',
      ...predictStated(input, { x: input.text.bag, n }),
    },
    {
      control: 'length',
      description:
        "A ridge probe on the word's length, the length of its texts and how often it occurs there: no model at all.",
      ...predictStated(input, { x: input.text.length, n }),
    },
  ];
}
