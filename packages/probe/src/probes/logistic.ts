import { FeedprintError, dot } from '@feedprint/core';
import type { Rows } from '@feedprint/core/linear-algebra';
import { createLinearProbe } from './linear-probe.ts';
import type { LinearFit, LinearProbe } from './linear-probe.ts';
import { assertPenalty } from './penalty.ts';
import { columnScaling, spreadWeights, standardise } from './standardise.ts';
import { createWeightedRidge, predictRows } from './weighted-ridge.ts';
import type { RidgeSolution } from './weighted-ridge.ts';

export interface LogisticSettings {
  /** Minimises Σ log loss + (l2 / 2) |weights|² on standardised columns: scikit-learn's C is 1 / l2. */
  readonly l2: number;
}

/**
 * Logistic regression of targets 0 and 1 on standardised columns, constant ones left out, with an unpenalised
 * intercept. `predict` gives log-odds (nats): positive for class 1. Other targets throw `numbers-invalid`; `l2` that is
 * not positive throws `config-invalid`.
 */
export function createLogistic({ l2 }: LogisticSettings, fitted?: LinearFit): LinearProbe {
  assertPenalty(l2, 'l2');
  return createLinearProbe({
    name: 'logistic',
    settings: { l2 },
    fitted,
    train: (x, y) => {
      assertClasses(y);
      const scaling = columnScaling(x);
      const { z, kept } = standardise(x, scaling);
      const { weights, intercept } = solveLogistic(z, y, l2);
      return {
        ...scaling,
        weights: spreadWeights(weights, kept, x.columns),
        intercept,
        penalty: l2,
      };
    },
  });
}

interface State extends RidgeSolution {
  readonly logits: Float64Array;
  readonly objective: number;
}

const mostSteps = 100;
const leastCurvature = 1e-12;
/** Newton's method squares the error at each step, so a step with so little relative gain ends the search. */
const leastGain = 1e-13;

/**
 * Newton's method: each step is a weighted ridge regression (iteratively reweighted least squares), halved until the
 * objective improves.
 */
function solveLogistic(z: Rows, y: Float64Array, l2: number): RidgeSolution {
  const solve = createWeightedRidge(z);
  const stateOf = (solution: RidgeSolution): State => {
    const logits = predictRows(z, solution);
    const { weights } = solution;
    return {
      ...solution,
      logits,
      objective: logLoss(logits, y) + (l2 / 2) * dot(weights, weights),
    };
  };
  let state = stateOf({ weights: new Float64Array(z.columns), intercept: 0 });
  for (let step = 0; step < mostSteps; step++) {
    const chances = state.logits.map(sigmoid);
    const curvature = chances.map((chance) => Math.max(chance * (1 - chance), leastCurvature));
    const target = state.logits.map(
      (logit, i) => logit + ((y[i] as number) - (chances[i] as number)) / (curvature[i] as number),
    );
    const goal = solve({ target, penalty: l2, rowWeights: curvature });
    const next = firstGain(state, goal, stateOf);
    if (next === undefined) break;
    const gain = state.objective - next.objective;
    state = next;
    if (gain <= leastGain * next.objective) break;
  }
  return state;
}

function firstGain(
  from: State,
  goal: RidgeSolution,
  stateOf: (solution: RidgeSolution) => State,
): State | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const between = (a: number, b: number): number => a + share * (b - a);
    const next = stateOf({
      weights: from.weights.map((weight, j) => between(weight, goal.weights[j] as number)),
      intercept: between(from.intercept, goal.intercept),
    });
    if (next.objective < from.objective) return next;
  }
  return undefined;
}

function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

function logLoss(logits: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const against = (logits[i] as number) * (1 - 2 * (y[i] as number));
    sum += Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
  }
  return sum;
}

function assertClasses(y: Float64Array): void {
  const stray = y.find((value) => value !== 0 && value !== 1);
  if (stray === undefined) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `a logistic probe got the target ${stray}`,
    remedy: 'label the classes 0 and 1',
  });
}
