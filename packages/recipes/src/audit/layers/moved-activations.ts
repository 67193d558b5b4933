import { createRowDistanceMeter } from '@feedprint/activations';
import type { RowDistances } from '@feedprint/activations';
import { batchTexts, takeRows } from '@feedprint/core';
import type { LanguageModel, Matrix, SiteInfo, TokenRows } from '@feedprint/core';
import type { StageContext } from '@feedprint/pipeline';
import type { MovedPart } from './components.ts';

/** What a block adds to the residual stream, and the stream after it. */
const outputs: readonly (readonly [component: string, site: RegExp])[] = [
  ['attention', /^blocks\.\d+\.hook_attn_out$/],
  ['mlp', /^blocks\.\d+\.hook_mlp_out$/],
  ['residual', /^blocks\.\d+\.hook_resid_post$/],
];

/** Numbers of captured activations that are held of a model at once. */
const HELD = 2 ** 25;

/**
 * How far tuning moved what attention and MLP of each block put out, and the residual stream after it, at the same ordinary tokens of
 * texts; nothing for sites that one of the models does not have.
 */
export async function movedActivations(
  base: LanguageModel,
  tuned: LanguageModel,
  texts: TokenRows,
  stage: Pick<StageContext, 'progress'>,
): Promise<MovedPart[]> {
  const shared = comparable(base, tuned);
  const capture = shared.map(({ site }) => site);
  const meters = new Map(capture.map((site) => [site, createRowDistanceMeter()]));
  const special = tuned.tokenizer.specialIds;
  const perToken = shared.reduce((sum, { width }) => sum + width, 0);
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  let [done, n] = [0, 0];
  if (shared.length === 0) return [];
  for (const batch of batchTexts(texts, Math.max(1, Math.floor(HELD / perToken)))) {
    const rows = batch.map((i) => texts[i] as Int32Array);
    const tokens = rows.flatMap((row) => [...row]);
    const ordinary = [...tokens.keys()].filter((at) => !special.has(tokens[at] as number));
    const before = await base.run(rows, { capture });
    const after = await tuned.run(rows, { capture });
    for (const [site, meter] of meters) {
      const [x, y] = [before, after].map(({ activations }) =>
        takeRows(activations.get(site) as Matrix, ordinary),
      ) as [Matrix, Matrix];
      meter.add(x, y);
    }
    done += tokens.length;
    n += ordinary.length;
    stage.progress(done, total, 'tokens');
  }
  if (n === 0) return [];
  return outputs
    .flatMap(([component, pattern]) =>
      shared.flatMap(({ site, layer = null }): MovedPart[] => {
        if (!pattern.test(site)) return [];
        const { meanL2, relativeL2, meanCosine } = meters.get(site)?.result() as RowDistances;
        const of = 'activations';
        return [{ of, layer, component, site, n, l2: meanL2, relativeL2, cosine: meanCosine }];
      }),
    )
    .sort((a, b) => (a.layer ?? 0) - (b.layer ?? 0));
}

/** Outputs of blocks that both models have, of the same width. */
function comparable(base: LanguageModel, tuned: LanguageModel): SiteInfo[] {
  const widths = new Map(base.sites.map(({ site, width }) => [site, width]));
  return tuned.sites.filter(
    ({ site, width }) =>
      widths.get(site) === width && outputs.some(([, pattern]) => pattern.test(site)),
  );
}
