import { assertFinite, FeedprintError } from '@feedprint/core';
import { createLasso } from './lasso.ts';
import type { LinearFit, LinearProbe } from './linear-probe.ts';
import { createLogistic } from './logistic.ts';
import { createMeanDifference } from './mean-difference.ts';
import { createRidge } from './ridge.ts';

/**
 * The probe that `toJSON` described, fitted if that one was; its predictions are equal to the last bit. Throws
 * `run-invalid` for anything else.
 */
export function probeFromJSON(json: unknown): LinearProbe {
  const { schema, name, settings, fit } = asRecord(json, 'the probe');
  if (schema !== 'feedprint-probe/1') throw invalid(`schema is ${String(schema)}`);
  const fitted = fit === undefined || fit === null ? undefined : parseFit(fit);
  const given = asRecord(settings, 'settings');
  if (name === 'ridge') {
    const alpha = given['alpha'] === 'gcv' ? 'gcv' : asNumber(given['alpha'], 'alpha');
    return createRidge({ alpha }, fitted);
  }
  if (name === 'lasso') return createLasso({ alpha: asNumber(given['alpha'], 'alpha') }, fitted);
  if (name === 'logistic') return createLogistic({ l2: asNumber(given['l2'], 'l2') }, fitted);
  if (name === 'mean-difference') return createMeanDifference(fitted);
  throw invalid(`no probe is named ${String(name)}`);
}

function parseFit(json: unknown): LinearFit {
  const fit = asRecord(json, 'fit');
  const weights = asNumbers(fit['weights'], 'weights');
  const mean = asNumbers(fit['mean'], 'mean');
  const scale = asNumbers(fit['scale'], 'scale');
  if (mean.length !== weights.length || scale.length !== weights.length) {
    throw invalid('weights, mean and scale differ in length');
  }
  const intercept = asNumber(fit['intercept'], 'intercept');
  const penalty = asNumber(fit['penalty'], 'penalty');
  return { weights, mean, scale, intercept, penalty };
}

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw invalid(`${what} is not an object`);
}

function asNumber(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`${what} is not a number`);
}

function asNumbers(value: unknown, what: string): Float64Array {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) {
    throw invalid(`${what} is not a list of numbers`);
  }
  const numbers = Float64Array.from(value as number[]);
  assertFinite(numbers, what);
  return numbers;
}

function invalid(message: string): FeedprintError {
  return new FeedprintError({
    code: 'run-invalid',
    message: `not a saved probe: ${message}`,
    remedy: "pass what a probe's toJSON returned",
  });
}
