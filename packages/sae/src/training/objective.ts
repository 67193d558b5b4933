import { add, cast, greater, mul, reduceMax, reduceMean, reduceSum, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { KindOf, SaeKindName } from '../architectures/kinds.ts';
import { decodeTensor } from '../architectures/sae-tensors.ts';
import type { SaeTensors } from '../architectures/sae-tensors.ts';
import type { SaeTrainingSettings } from './settings.ts';

/** How one kind of SAE is trained. */
export interface Training<Name extends SaeKindName = SaeKindName> {
  /** `unit`: decoder rows are kept at length 1. */
  readonly decoder: 'unit' | 'free';
  /** The encoder is the decoder's transpose. */
  readonly isTied?: boolean;
  /** Trained vectors besides the four weights, `[dSae]`, and the initial value of each. */
  vectors?(settings: SaeTrainingSettings): Readonly<Record<string, number>>;
  /** Scalars that steps update by a rule rather than by gradients, and their initial values. */
  readonly running?: Readonly<Record<string, number>>;
  objective(inputs: ObjectiveInputs<Name>): Objective;
  /** The architecture's extra vectors, from the trained ones. */
  toExtra?(read: (name: string) => Float32Array, dSae: number): Record<string, Float32Array>;
  /** The trained vectors, from the extra ones of an SAE to train further. */
  fromExtra?(extra: Readonly<Record<string, Float32Array>>): Record<string, Float32Array>;
}

export interface ObjectiveInputs<Name extends SaeKindName = SaeKindName> extends StepInputs {
  readonly kind: KindOf<Name>;
}

/** A batch, and what training knows at the start of the step. */
export interface StepInputs {
  readonly settings: SaeTrainingSettings;
  /** `[rows, dIn]` */
  readonly x: Tensor;
  /** Weights; `extra` holds the trained vectors. */
  readonly sae: SaeTensors;
  /** The encoder feature by feature, `[dSae, dIn]`: `sae.wEnc` is its transpose. */
  readonly wEncRows: Tensor;
  /** Share of the penalty's weight that applies in this step, a scalar. */
  readonly sparsity: Tensor;
  /** Features that count as dead, bool `[dSae]`. */
  readonly dead: Tensor;
  readonly running: Readonly<Record<string, Tensor>>;
}

export interface Objective {
  /** What is minimised, a scalar. */
  readonly loss: Tensor;
  /** `[rows, dIn]` */
  readonly reconstruction: Tensor;
  /** Squared error of each row, summed over dimensions, `[rows]`. */
  readonly rowErrors: Tensor;
  /** Mean number of active features per row. */
  readonly l0: Tensor;
  /** Above 0 for features that fired on any row, `[dSae]`. */
  readonly fired: Tensor;
  /** What a step adds to the loss when there are dead features. */
  readonly revival?: Tensor;
  /** The running scalars after the step. */
  readonly running?: Readonly<Record<string, Tensor>>;
}

/** Squared error of each row, summed over dimensions, `[rows, dIn]` twice -> `[rows]`. */
export function squaredErrors(reconstruction: Tensor, x: Tensor): Tensor {
  const error = sub(reconstruction, x);
  return reduceSum(mul(error, error), [1]);
}

/** `[rows]` -> `[]` */
export const mean = (perRow: Tensor): Tensor => reduceMean(perRow, [0]);

/** Mean over rows of the sum of features, `[rows, features]` -> `[]`. */
export const meanSum = (z: Tensor): Tensor => mean(reduceSum(z, [1]));

/** Mean number of active features per row. */
export const activeFeatures = (z: Tensor): Tensor => meanSum(cast(greater(z, 0), 'float32'));

/** What features `[rows, dSae]` and the errors of their reconstruction, `[rows]`, say about a batch. */
export const batchMeasures = (
  z: Tensor,
  rowErrors: Tensor,
): Pick<Objective, 'rowErrors' | 'l0' | 'fired'> => ({
  rowErrors,
  l0: activeFeatures(z),
  fired: reduceMax(z, [0]),
});

/** error + weight sparsity penalty; `weight` 0 leaves the penalty out. */
export const penalised = (
  error: Tensor,
  penalty: () => Tensor,
  weight: number,
  sparsity: Tensor,
): Tensor => (weight === 0 ? error : add(error, mul(penalty(), mul(sparsity, weight))));

/** The weight of an L1 penalty relative to the error summed over dimensions. */
export const l1Weight = ({ l1, l1Per }: SaeTrainingSettings, dIn: number): number =>
  l1Per === 'dimension' ? l1 * dIn : l1;

/** The objective of ReLU features with an L1 penalty; features are never negative, so that their sum is their L1 norm. */
export function l1Objective({ settings, sae, x, sparsity }: StepInputs, z: Tensor): Objective {
  const reconstruction = decodeTensor(sae, z);
  const rowErrors = squaredErrors(reconstruction, x);
  const weight = l1Weight(settings, x.shape[1] as number);
  return {
    loss: penalised(mean(rowErrors), () => meanSum(z), weight, sparsity),
    reconstruction,
    ...batchMeasures(z, rowErrors),
  };
}
