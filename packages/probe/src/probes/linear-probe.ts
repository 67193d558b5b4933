import { assertFinite, FeedprintError } from '@feedprint/core';
import type { Matrix, Probe } from '@feedprint/core';
import { isConstant } from '../statistics/checks.ts';
import type { ColumnScaling } from './standardise.ts';

/** What fitting found: prediction = intercept + Σ weights[j] (x[j] - mean[j]) / scale[j] over columns of scale > 0. */
export interface LinearFit extends ColumnScaling {
  /** `[columns]`, 0 for constant columns. */
  readonly weights: Float64Array;
  /** The prediction at the columns' means. */
  readonly intercept: number;
  /** Factor of the squared (lasso: absolute) weights in the objective; 0 for a probe without a penalty. */
  readonly penalty: number;
}

/** A probe whose prediction is linear in the columns. */
export interface LinearProbe extends Probe {
  /** Change of the prediction per standard deviation of each column; 0 for columns that were constant when fitted. */
  readonly weights: Float64Array;
  /** The prediction at the columns' means. */
  readonly intercept: number;
  /** Change of the prediction per unit of each column. */
  readonly coefficients: Float64Array;
  /** The penalty in force (L2; lasso: L1): as asked for, or as chosen by cross-validation. */
  readonly penalty: number;
}

export interface LinearProbeParts {
  readonly name: string;
  /** Written to JSON, so that the probe can be recreated. */
  readonly settings: Readonly<Record<string, number | string>>;
  /** Finds the fit. Inputs are already checked: finite, with equal numbers of rows and a target that varies. */
  readonly train: (x: Matrix, y: Float64Array) => LinearFit;
  /** An earlier fit, to predict with right away. */
  readonly fitted?: LinearFit | undefined;
}

export function createLinearProbe({
  name,
  settings,
  train,
  fitted,
}: LinearProbeParts): LinearProbe {
  let fit = fitted;
  const known = (): LinearFit => fit ?? throwUnfitted(name);
  return {
    name,
    fit(x, y) {
      assertTarget(x, y);
      fit = train(x, Float64Array.from(y));
    },
    predict: (x) => predictLinear(x, known()),
    get weights() {
      return known().weights;
    },
    get intercept() {
      return known().intercept;
    },
    get coefficients() {
      return coefficientsOf(known());
    },
    get penalty() {
      return known().penalty;
    },
    toJSON: () => ({
      schema: 'feedprint-probe/1',
      name,
      settings,
      fit: fit && {
        intercept: fit.intercept,
        penalty: fit.penalty,
        weights: Array.from(fit.weights),
        mean: Array.from(fit.mean),
        scale: Array.from(fit.scale),
      },
    }),
  };
}

function coefficientsOf({ weights, scale }: LinearFit): Float64Array {
  return weights.map((weight, j) => (scale[j] === 0 ? 0 : weight / (scale[j] as number)));
}

function predictLinear(x: Matrix, fit: LinearFit): Float64Array {
  if (x.columns !== fit.weights.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a probe fitted on ${fit.weights.length} columns got ${x.columns}`,
      remedy: 'pass the features that it was fitted on',
    });
  }
  assertFinite(x.data, 'the features to predict from');
  const coefficients = coefficientsOf(fit);
  const result = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let sum = fit.intercept;
    for (let j = 0; j < x.columns; j++) {
      const deviation = (x.data[i * x.columns + j] as number) - (fit.mean[j] as number);
      sum += (coefficients[j] as number) * deviation;
    }
    result[i] = sum;
  }
  return result;
}

function assertTarget(x: Matrix, y: ArrayLike<number>): void {
  if (x.rows !== y.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a probe got ${x.rows} rows and ${y.length} targets`,
      remedy: 'pass one target per row',
    });
  }
  assertFinite(y, 'the target');
  if (isConstant(y)) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: y.length === 0 ? 'the target is empty' : `the target is ${y[0]} everywhere`,
      remedy: 'fit a probe on rows whose targets differ',
    });
  }
  assertFinite(x.data, 'the features to fit on');
}

function throwUnfitted(name: string): never {
  throw new FeedprintError({
    code: 'usage',
    message: `the ${name} probe has not been fitted`,
    remedy: 'call fit first',
  });
}
