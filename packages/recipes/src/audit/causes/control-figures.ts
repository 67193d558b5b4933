import { quantileOfSorted } from '@feedprint/probe';
import type { CauseEvidence } from '@feedprint/probe';
import type { CausesReport } from '@feedprint/report/chapters/causes';
import { families } from './controls.ts';
import { names } from './names.ts';
import type { FoundDirection } from './find-causes.ts';
import { firstTexts, klPerToken, shareOf } from './measured.ts';
import type { Measured } from './measured.ts';
import { perModel } from './report.ts';

/** The direction beside random ones: figures for the report, and what the verdict needs of them. */
export function controlFigures(
  tested: Measured,
  texts: number,
  whole: string,
  { fit, controls }: FoundDirection,
): {
  readonly figures: Pick<CausesReport, 'beside' | 'controls'>;
  readonly evidence: Pick<CauseEvidence, 'beside' | 'families'>;
} {
  const measured = firstTexts(tested, texts);
  const outcomes = perModel((model) => measured.of(names.direction(fit.site.site), model));
  const share = perModel((model) =>
    shareOf(measured, whole, { model, expected: outcomes[model].expected }),
  );
  const kl = perModel((model) => klPerToken(outcomes[model], measured.texts));
  const beside = { necessity: share.tuned, sufficiency: share.base };
  const found = families.flatMap((family) => {
    const draws = controls.draws.filter((draw) => draw.family === family);
    if (draws.length === 0) return [];
    const leastKl = controls.leastKl[family];
    const ratios = [
      ...(leastKl.tuned === null ? [] : [kl.tuned / leastKl.tuned]),
      ...(leastKl.base === null ? [] : [kl.base / leastKl.base]),
    ];
    return [{ family, draws, leastKl, klRatio: ratios.length === 0 ? null : Math.max(...ratios) }];
  });
  return {
    evidence: { beside, families: found },
    figures: {
      beside: { ...beside, kl },
      controls: found.map(({ family, draws, leastKl, klRatio }) => ({
        family,
        draws: draws.length,
        necessity: spreadOf(draws.map((draw) => draw.necessity)),
        sufficiency: spreadOf(draws.map((draw) => draw.sufficiency)),
        kl: perModel((model) => spreadOf(draws.map((draw) => draw.kl[model])).median),
        leastKl: { ...leastKl },
        klRatio,
      })),
    },
  };
}

function spreadOf(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  return { median: quantileOfSorted(sorted, 0.5), high: quantileOfSorted(sorted, 0.99) };
}
