import { createRidge } from '@feedprint/probe';
import { readEvidenceSource } from '../audit/features/evidence-source.ts';
import { readMatrices } from '../audit/matrix-files.ts';
import { latestStage } from '../labels/stages-named.ts';

/** Versions of texts below which no probe is fitted, and numbers of features of all of them beyond which it would take too long. */
const FEWEST = 10;
const MOST = 1 << 27;

/**
 * Weight of every feature of the tuned model's small SAEs in the paper's probe (arXiv 2310.08164, section 3.4): ridge with alpha 1 from features at the target token to the signed distance from the
 * neutral version, fitted on all versions. By feature id (`site/index`): change of the predicted distance per standard deviation of the feature. `sizes` gives the
 * number of features by site. Undefined for too few versions, or too many. Throws `run-invalid` for an audit that has not got so far.
 */
export async function readProbeWeights(
  folder: string,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { saes } = await readEvidenceSource(latestStage(folder, 'evidence'));
  const columns = saes.reduce((sum, { site }) => sum + (sizes.get(site) ?? 0), 0);
  const file = [latestStage(folder, 'contrast'), 'contrast.safetensors'] as const;
  const { 'tuned.distance': distance } = readMatrices(...file, ['tuned.distance']);
  const versions = distance.data.length;
  if (versions < FEWEST || versions * columns > MOST) return undefined;
  const { 'tuned.features': features } = readMatrices(...file, ['tuned.features']);
  if (features.rows !== versions || features.columns !== columns) return undefined;
  if (distance.data.every((value) => value === distance.data[0])) return undefined;
  const probe = createRidge({ alpha: 1 });
  probe.fit(features, distance.data);
  const weights = new Map<string, number>();
  let at = 0;
  for (const { site } of saes) {
    for (let index = 0; index < (sizes.get(site) ?? 0); index++) {
      weights.set(`${site}/${index}`, probe.weights[at++] as number);
    }
  }
  return weights;
}
