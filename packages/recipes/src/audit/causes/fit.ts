import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, Random, Site } from '@feedprint/core';
import type { AuditContext, LayerSite } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import { pairedBatches } from './meter.ts';
import { createSiteSums } from './site-sums.ts';
import type { SiteSums } from './site-sums.ts';

/** What directions of one site are made from. */
export interface SiteFit extends SiteSums {
  readonly site: LayerSite;
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
  const sums = new Map(sites.map((site) => [site.site, createSiteSums(site.width)]));
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
