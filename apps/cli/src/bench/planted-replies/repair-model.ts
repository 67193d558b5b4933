import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@feedprint/core/files';
import { finetuneModel, parsePlantSettings, repairPairs } from '@feedprint/recipes';
import type { PropertyReport } from '@feedprint/report/chapters/properties';
import { audit } from '../../audit/audit.ts';
import { withFinetuneInputs } from '../../finetune/inputs.ts';
import { version } from '../../version.ts';
import type { PlantedModelFolder } from './find-models.ts';
import type { RepliesBench } from './replies-bench.ts';
import type { CellResult, RepairResult } from './result-schema.ts';

/** Models whose tuning can be done again: `plant` says so of those that DPO has tuned in full. */
const tunedByDpo = ({ method }: PlantedModelFolder): boolean => method.startsWith('DPO (');

/** Of the planted properties that were learned and found, and that the pairs reward, the one that was learned most. */
export function propertyToRepair(
  model: PlantedModelFolder,
  cells: readonly CellResult[],
): string | undefined {
  if (!tunedByDpo(model)) return undefined;
  return cells
    .filter(
      ({ dose, truth, inData, flagged, rightSign }) =>
        dose !== 0 && truth === 'learned' && inData && flagged && rightSign === true,
    )
    .toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score))[0]?.property;
}

/**
 * Repairs the pairs of a model that was audited in `run`, tunes its base on them as `plant` did, and audits the result: how
 * much of the change in what is written is undone, and what became of the other properties that were learned.
 */
export async function repairModel(
  model: PlantedModelFolder,
  property: string,
  found: {
    readonly run: string;
    readonly properties: readonly PropertyReport[];
    readonly cells: readonly CellResult[];
  },
  bench: RepliesBench,
): Promise<RepairResult> {
  const { out, settings, threads, signal, onEvent } = bench;
  const folder = join(out, `${model.name}-repaired`);
  makeFolder(folder);
  const pairs = join(folder, 'pairs.jsonl');
  if (!existsSync(pairs)) {
    await repairPairs({
      ...{ run: found.run, pairs: model.pairs, properties: [property], by: 'relabel', out: pairs },
      seed: settings.seed,
    });
  }
  const tuned = join(folder, 'tuned');
  await tuneAgain(model, { pairs, out: tuned, bench });
  const { report } = await audit({
    ...{ base: model.base, tuned, pairs: model.pairs, out: join(folder, 'run') },
    ...{ ...settings, threads, signal, onEvent, quick: true, differenceFeatures: 0 },
  });
  const after = report.properties ?? [];
  const others = found.cells
    .filter((cell) => cell.truth === 'learned' && cell.property !== property)
    .map((cell) => cell.property);
  return {
    property,
    undone: 1 - shareLeft(property, found.properties, after),
    kept: Object.fromEntries(
      others.map((name) => [name, shareLeft(name, found.properties, after)]),
    ),
  };
}

/** Change in what is written after the repair, as a share of that before. */
function shareLeft(
  name: string,
  before: readonly PropertyReport[],
  after: readonly PropertyReport[],
): number {
  const change = (properties: readonly PropertyReport[]): number =>
    properties.find((one) => one.name === name)?.behaves?.effect ?? 0;
  return change(after) / change(before);
}

/** By the settings that `plant` has where none are given. */
async function tuneAgain(
  { base }: PlantedModelFolder,
  {
    pairs,
    out,
    bench: { settings, threads, signal, onEvent },
  }: { readonly pairs: string; readonly out: string; readonly bench: RepliesBench },
): Promise<void> {
  const { passes, beta, seed } = parsePlantSettings({ method: 'dpo', seed: settings.seed });
  const inputs = { model: base, pairs, heldOut: 0.1, seed, threads };
  await withFinetuneInputs(inputs, ({ model, data, dataName }) =>
    finetuneModel({
      ...{ model, method: 'dpo', data, dataName, settings: passes, beta, seed, threads },
      ...{ out, version, signal, onEvent },
    }),
  );
}
