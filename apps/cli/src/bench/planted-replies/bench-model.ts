import { join } from 'node:path';
import type { PropertyReport } from '@feedprint/report/chapters/properties';
import { audit } from '../../audit/audit.ts';
import { baselines, baselineScores, pairDifferences } from './baseline-scores.ts';
import type { BaselineScores } from './baseline-scores.ts';
import { cellTruth } from './cell-truth.ts';
import type { PlantedModelFolder } from './find-models.ts';
import { pairBaselines } from './pair-baselines.ts';
import { canBeForetold, predictModel } from './predict-model.ts';
import { propertyToRepair, repairModel } from './repair-model.ts';
import type { CellResult, ModelResult } from './result-schema.ts';
import type { RepliesBench } from './replies-bench.ts';

/** Standard errors on either side of the middle of a 90 % interval. */
const REACH = 1.645;

/** Audits one model by its pairs, with nothing told, and sets what is said of every property beside the truth. */
export async function benchModel(
  model: PlantedModelFolder,
  bench: RepliesBench,
): Promise<ModelResult> {
  const { out, settings, threads, signal, onEvent } = bench;
  const run = join(out, model.name);
  const prediction = canBeForetold(model) ? await predictModel(model, bench) : undefined;
  const { report } = await audit({
    ...{ base: model.base, tuned: model.tuned, pairs: model.pairs, out: run },
    ...{ ...settings, threads, signal, onEvent, quick: true },
    ...(prediction !== undefined && { prediction }),
    // What has no name in the truth cannot be scored.
    differenceFeatures: 0,
  });
  const properties = report.properties ?? [];
  const ofPairs = await pairBaselines({
    ...{ run, pairs: model.pairs, threads, signal, seed: settings.seed },
    differences: await pairDifferences(run),
  });
  const scores = await baselineScores(run, properties, ofPairs);
  const cells = cellsOf(model, properties, scores);
  const target = bench.repair ? propertyToRepair(model, cells) : undefined;
  return {
    model: model.name,
    base: model.base,
    method: model.method,
    evidence: model.evidence,
    planted: { ...model.planted },
    verdict: report.replyVerdict?.verdict ?? null,
    prediction: report.replyVerdict?.prediction ?? null,
    repair:
      target === undefined
        ? null
        : await repairModel(model, target, { run, properties, cells }, bench),
    cells,
  };
}

function cellsOf(
  model: PlantedModelFolder,
  properties: readonly PropertyReport[],
  scores: ReadonlyMap<string, BaselineScores>,
): CellResult[] {
  return properties.flatMap((property) => {
    const { name, score, verdict, flagged, behaves, deviation } = property;
    const truth = cellTruth(model, name);
    const simple = scores.get(name);
    // What hardly varies in the base's replies is not judged.
    if (truth === undefined || simple === undefined || deviation === null) return [];
    const { dose, kind, inData, behaviour } = truth;
    return [
      {
        ...{ property: name, dose, truth: kind, inData },
        ...{ z: behaviour.z, difference: behaviour.difference },
        ...{ score, verdict, flagged },
        rightSign: flagged ? Math.sign(score) === Math.sign(behaviour.difference) : null,
        covered: behaves
          ? covers(
              { middle: behaves.effect * deviation, reach: reachOf(behaves) * deviation },
              behaviour,
            )
          : null,
        baselines: baselines.map((method) => simple[method]),
      },
    ];
  });
}

const reachOf = ({ low, high }: { readonly low: number; readonly high: number }): number =>
  (high - low) / 2;

/** Whether the truth lies in a 90 % interval that is as much wider as the truth itself is uncertain. */
const covers = (
  { middle, reach }: { readonly middle: number; readonly reach: number },
  truth: { readonly difference: number; readonly standardError: number },
): boolean => Math.abs(middle - truth.difference) <= Math.hypot(reach, REACH * truth.standardError);
