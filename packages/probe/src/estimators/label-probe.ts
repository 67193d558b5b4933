import type { Matrix } from '@feedprint/core';
import type { ControlEstimate, EstimationInput, FeatureEstimator } from './feedback-estimator.ts';
import { textControls } from './text-controls.ts';
import { predictStated, shuffledStated } from './word-probe.ts';

/** What a probe on stated labels reads. */
export interface LabelProbe {
  readonly name: string;
  readonly description: string;
  /** What is read, completing "on the base model's ...". */
  readonly reads: string;
  readonly from: (input: EstimationInput) => {
    readonly tuned: Matrix;
    readonly base: Matrix;
    /** Absent if it has no random counterpart. */
    readonly random?: Matrix;
    readonly untrained: Matrix | null;
  };
}

/** A ridge probe trained on stated feedback; every word is predicted by a probe that never saw it. */
export function createLabelProbe({ name, description, reads, from }: LabelProbe): FeatureEstimator {
  return {
    name,
    settings: {},
    reads: 'features',
    estimate: (input) => ({
      estimator: name,
      description,
      ...predictStated(input, { x: from(input).tuned, n: input.averaged }),
    }),
    controls(input) {
      const x = from(input);
      const n = input.averaged;
      const shuffled = shuffledStated(input);
      const control = (named: string, about: string, of?: Matrix | null): ControlEstimate[] =>
        of ? [{ control: named, description: about, ...predictStated(input, { x: of, n }) }] : [];
      return [
        ...control('base model', `The same probe on the base model's ${reads}.`, x.base),
        {
          control: 'shuffled labels',
          description: 'The same probe trained and judged on randomly shuffled stated feedback.',
          ...predictStated(input, { x: x.tuned, n, y: shuffled }),
          stated: shuffled,
        },
        ...control(
          'random features',
          'The same probe on randomised SAEs of the same sparsity.',
          x.random,
        ),
        ...control(
          'untrained model',
          `The same probe on ${reads} of a model whose weights were drawn at random.`,
          x.untrained,
        ),
        ...textControls(input),
      ];
    },
  };
}
