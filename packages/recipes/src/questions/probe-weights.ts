import { createRidge } from '@feedprint/probe';
import { readMatrices } from '../audit/matrix-files.ts';
import { readEvidenceSource } from '../audit/features/evidence-source.ts';
import { latestStage } from '../labels/stages-named.ts';

/** Words below which no probe is fitted, as the audit's estimators do. */
const FEWEST = 10;

/**
 * Weight of every feature of the tuned model's small SAEs in the stated-label probe: ridge from mean features at each scored word to what was stated of it,
 * its penalty by generalised cross-validation, fitted on all words. By feature id (`site/index`): change of the predicted feedback per
 * standard deviation of the feature. `sizes` gives the number of features by site. Undefined for too few words. Throws `run-invalid`
 * for an audit that has not got so far.
 */
export async function readProbeWeights(
  folder: string,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { words, saes } = await readEvidenceSource(latestStage(folder, 'evidence'));
  if (words.length < FEWEST) return undefined;
  const { tuned } = readMatrices(latestStage(folder, 'features'), 'features.safetensors', [
    'tuned',
  ]);
  const columns = saes.reduce((sum, { site }) => sum + (sizes.get(site) ?? 0), 0);
  if (tuned.rows !== words.length || tuned.columns !== columns) return undefined;
  const stated = words.map((word) => word.stated);
  if (stated.every((value) => value === stated[0])) return undefined;
  const probe = createRidge({ alpha: 'gcv' });
  probe.fit(tuned, stated);
  const weights = new Map<string, number>();
  let at = 0;
  for (const { site } of saes) {
    for (let index = 0; index < (sizes.get(site) ?? 0); index++) {
      weights.set(`${site}/${index}`, probe.weights[at++] as number);
    }
  }
  return weights;
}
