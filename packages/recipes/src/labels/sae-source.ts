import { FeedprintError, createRandom } from '@feedprint/core';
import type { FeatureEvidence, LanguageModel, SparseAutoencoder } from '@feedprint/core';
import { sampleEvidence } from '@feedprint/labeling';
import { saeFingerprint } from '@feedprint/sae';
import { checkSites } from '../sae/models.ts';
import { textsFingerprint } from '../sae/texts.ts';
import { eachEncodedBatch, featureColumns } from './feature-columns.ts';
import type { LabelSource } from './label-source.ts';
import { neighbours } from './neighbours.ts';

export interface SaeSourceOptions {
  readonly model: LanguageModel;
  readonly sae: SparseAutoencoder;
  /** Token ids of each text. */
  readonly rows: readonly Int32Array[];
  /** Features to label. Default: `limit` drawn at random among those that are active in enough texts. */
  readonly features?: readonly number[];
  readonly limit: number;
  readonly seed: number;
}

/** Texts that a feature must be active in to be drawn: enough for all windows of its evidence. */
const LEAST_TEXTS = 24;

/**
 * Features of an SAE, with evidence from texts. Throws `usage` for a crosscoder, a site that the model does not have or a
 * feature that the SAE does not have, `texts-invalid` if no feature is active in enough texts.
 */
export function saeSource(options: SaeSourceOptions): LabelSource {
  const { model, sae, rows, features, limit, seed } = options;
  checkFeatures(options);
  return {
    identity: {
      model: model.fingerprint,
      tokenizer: model.tokenizer.fingerprint,
      sae: saeFingerprint(sae),
      site: sae.site,
      texts: textsFingerprint(rows),
      features: features ? [...features] : { drawn: limit, least: LEAST_TEXTS },
      windows: 1,
      seed,
    },
    gather: async () =>
      (await evidenceOfSae(options, features ?? (await drawFeatures(options)))).evidence,
  };
}

/** Throws `usage` for a crosscoder, a site that the model does not have or a feature that the SAE does not have. */
export function checkFeatures({ model, sae, features }: SaeSourceOptions): void {
  if (sae.kind === 'crosscoder') throw usage('a crosscoder reads two models', 'name an SAE of one');
  checkSites(model, [sae.site]);
  const unknown = features?.find((feature) => feature >= sae.dSae);
  if (unknown !== undefined) {
    throw usage(`the SAE has no feature ${unknown}`, `use numbers from 0 to ${sae.dSae - 1}`);
  }
}

/** Features drawn at random among those that are active in enough texts; throws `texts-invalid` for none. */
export async function drawFeatures({
  model,
  sae,
  rows,
  limit,
  seed,
}: SaeSourceOptions): Promise<number[]> {
  const texts = new Uint32Array(sae.dSae);
  await eachEncodedBatch(model, rows, [{ site: sae.site, sae }], (_, z, batch) => {
    let at = 0;
    for (const { length } of batch) {
      const active = new Set<number>();
      for (const end = at + length; at < end; at++) {
        for (let f = 0; f < z.columns; f++) {
          if ((z.data[at * z.columns + f] as number) > 0) active.add(f);
        }
      }
      for (const f of active) texts[f] = (texts[f] as number) + 1;
    }
  });
  const live = Array.from(texts.keys()).filter((f) => (texts[f] as number) >= LEAST_TEXTS);
  if (live.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `none of the ${sae.dSae} features is active in ${LEAST_TEXTS} of the ${rows.length} texts`,
      remedy: 'give more texts, or name features with --feature',
    });
  }
  const drawn = createRandom(seed).fork('features').shuffle(live).slice(0, limit);
  return drawn.sort((a, b) => a - b);
}

/** Evidence of features, and their activations at every token of every text. */
export async function evidenceOfSae(
  { model, sae, rows, seed }: SaeSourceOptions,
  features: readonly number[],
): Promise<{
  readonly evidence: FeatureEvidence[];
  readonly columns: ReadonlyMap<number, readonly Float32Array[]>;
}> {
  const { site } = sae;
  const beside = neighbours(sae, features);
  const wanted = [...new Set([...features, ...beside.filter((other) => other !== undefined)])];
  const columns = await featureColumns(model, rows, [{ site, sae, features: wanted }]);
  const ofSite = columns.get(site) ?? new Map<number, Float32Array[]>();
  const evidence = features.map((feature, i) => {
    const id = `${site}/${feature}`;
    const neighbour = ofSite.get(beside[i] ?? -1);
    return sampleEvidence(
      {
        id,
        rows,
        tokenText: (token) => model.tokenizer.tokenText(token),
        activations: ofSite.get(feature) ?? [],
        ...(neighbour && { neighbour }),
      },
      createRandom(seed).fork(`evidence ${id}`),
    );
  });
  return { evidence, columns: ofSite };
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
