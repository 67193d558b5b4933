import { matrix, norm, row, takeRows } from '@feedprint/core';
import {
  CHUNK,
  createColumns,
  createCrossProducts,
  fillColumns,
} from '@feedprint/core/linear-algebra';
import type { LanguageModel, Matrix, Random, Site } from '@feedprint/core';
import { predictionMetric } from '@feedprint/probe';
import type { Metric } from '@feedprint/probe';
import type { AuditContext, LayerSite } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { differenceOf } from './exchange.ts';
import type { Pair } from './exchange.ts';
import { pairedBatches } from './meter.ts';

/** Rows of differences that random directions are mixed from. */
const KEPT = 512;

/** What directions of one site are made from. */
export interface SiteFit {
  readonly site: LayerSite;
  readonly metric: Metric;
  /** Sum over positions of g d', `[width, width]`. */
  readonly cross: Float64Array;
  /** Sum of d d', `[width, width]`. */
  readonly moments: Float64Array;
  /** Mean difference, tuned minus base, and mean of the base's activations, `[width]`. */
  readonly mean: Float32Array;
  readonly baseMean: Float32Array;
  /** Some of the differences, tuned minus base, about their mean, `[rows, width]`; absent if they are the same everywhere. */
  readonly variations?: Matrix;
}

export interface FitOptions {
  readonly texts: readonly Int32Array[];
  readonly sites: readonly LayerSite[];
  /** Shift through activations in each model, which the gradients are divided by. */
  readonly shift: Readonly<Record<ModelRole, number>>;
  readonly random: Random;
}

/**
 * At every position: d, the difference of the models' activations; g, the gradient of the expected stated feedback of all next tokens, of
 * each model as a share of its shift, summed; s, the gradient of the log-probability of tokens drawn from each model's own
 * predictions, for the metric.
 */
export async function fitSites(
  context: Pick<AuditContext, 'models' | 'lexicon'>,
  { texts, sites, shift, random }: FitOptions,
): Promise<SiteFit[]> {
  const sums = new Map(sites.map((site) => [site.site, createSums(site.width)]));
  const names = sites.map(({ site }) => site);
  for await (const { rows, sites: pairs, logProbs } of pairedBatches(context, texts, sites)) {
    const gradient = new Map<Site, Matrix>();
    for (const role of roles) {
      const model = context.models[role];
      const { feedback, drawn } = seedsOf(logProbs[role], rows, context, {
        scale: 1 / shift[role],
        random,
        vocabulary: model.info.vocabularySize,
      });
      const ofFeedback = await gradientsOf(model, rows, { sites: names, cotangents: feedback });
      const ofDrawn = await gradientsOf(model, rows, { sites: names, targets: drawn });
      for (const site of names) {
        const sum = known(sums.get(site), site);
        sum.addScores(known(ofDrawn.get(site), site));
        const own = known(ofFeedback.get(site), site);
        const other = gradient.get(site);
        gradient.set(
          site,
          other
            ? matrix(
                own.rows,
                own.columns,
                own.data.map((v, i) => v + (other.data[i] as number)),
              )
            : own,
        );
      }
    }
    for (const site of names) {
      const pair = known(pairs.get(site), site);
      known(sums.get(site), site).addPair(known(gradient.get(site), site), pair);
    }
  }
  return sites.map((site) => ({ site, ...known(sums.get(site.site), site.site).result() }));
}

const gradientsOf = (
  model: LanguageModel,
  ...request: Parameters<NonNullable<LanguageModel['gradients']>>
) => known(model.gradients, 'gradients')(...request);

/** The gradient of the expected feedback with respect to the logits, and a token drawn after every position. */
function seedsOf(
  logProbs: Matrix,
  rows: readonly Int32Array[],
  { lexicon }: Pick<AuditContext, 'lexicon'>,
  {
    scale,
    random,
    vocabulary,
  }: { readonly scale: number; readonly random: Random; readonly vocabulary: number },
): { readonly feedback: Matrix; readonly drawn: Int32Array[] } {
  const feedback = matrix(logProbs.rows, vocabulary);
  const drawn = rows.map(({ length }) => new Int32Array(length));
  let at = 0;
  for (const targets of drawn) {
    for (let p = 0; p < targets.length; p++, at++) {
      const own = row(logProbs, at);
      let expected = 0;
      for (const { id, stated } of lexicon) expected += stated * Math.exp(own[id] as number);
      const cotangent = row(feedback, at);
      let left = random.next();
      let token = own.length - 1;
      for (let v = 0; v < own.length; v++) {
        const probability = Math.exp(own[v] as number);
        cotangent[v] = -scale * probability * expected;
        if (left >= 0 && (left -= probability) < 0) token = v;
      }
      for (const { id, stated } of lexicon) {
        cotangent[id] = scale * Math.exp(own[id] as number) * (stated - expected);
      }
      targets[p] = token;
    }
  }
  return { feedback, drawn };
}

function createSums(width: number) {
  const [cross, moments, scores] = [
    createCrossProducts(width, width),
    createCrossProducts(width, width, true),
    createCrossProducts(width, width, true),
  ];
  const [a, b] = [createColumns(width), createColumns(width)];
  const [origin, ignored, sum, baseSum] = [
    new Float32Array(width),
    new Float64Array(width),
    new Float64Array(width),
    new Float64Array(width),
  ];
  const kept: Matrix[] = [];
  let [positions, scored] = [0, 0];
  return {
    addScores(m: Matrix): void {
      for (let start = 0; start < m.rows; start += CHUNK) {
        fillColumns(a, m, [start, Math.min(m.rows, start + CHUNK)], origin, ignored);
        scores.add(a, a);
      }
      scored += m.rows;
    },
    addPair(gradient: Matrix, pair: Pair): void {
      const difference = differenceOf(pair, 'tuned');
      pair.base.data.forEach((v, at) => {
        baseSum[at % width] = (baseSum[at % width] as number) + v;
      });
      for (let start = 0; start < gradient.rows; start += CHUNK) {
        const range = [start, Math.min(gradient.rows, start + CHUNK)] as const;
        fillColumns(a, gradient, range, origin, ignored);
        fillColumns(b, difference, range, origin, sum);
        cross.add(a, b);
        moments.add(b, b);
      }
      positions += gradient.rows;
      kept.push(difference);
    },
    result(): Omit<SiteFit, 'site'> {
      const every = Math.max(1, Math.ceil(positions / KEPT));
      const data = new Float32Array(kept.reduce((n, m) => n + m.data.length, 0));
      let at = 0;
      for (const m of kept) data.set(m.data, (at += m.data.length) - m.data.length);
      const all = matrix(positions, width, data);
      const mean = Float32Array.from(sum, (v) => v / positions);
      const variations = aboutMean(
        takeRows(
          all,
          Array.from({ length: Math.ceil(positions / every) }, (_, i) => i * every),
        ),
        mean,
      );
      return {
        baseMean: Float32Array.from(baseSum, (v) => v / positions),
        metric: predictionMetric(scores.dense(), { width, positions: scored }),
        cross: cross.dense(),
        moments: moments.dense(),
        mean,
        ...(variations && { variations }),
      };
    },
  };
}

/** What remains of equal rows after centring is rounding error. */
const ROUNDING = 1e-3;

function aboutMean(rows: Matrix, mean: Float32Array): Matrix | undefined {
  const data = rows.data.map((v, at) => v - (mean[at % rows.columns] as number));
  return norm(data) > ROUNDING * norm(rows.data)
    ? matrix(rows.rows, rows.columns, data)
    : undefined;
}
