import { rateOf, scorePlanted } from '@feedprint/probe';
import type { PropertyVerdict } from '@feedprint/probe';
import { median } from '../median.ts';
import { baselines } from './baseline-scores.ts';
import type { CellResult, ModelResult, RepliesSummary } from './result-schema.ts';

/** Dose from which a property counts as planted in full. */
const FULL = 1;

interface Cell extends CellResult {
  readonly model: string;
  /** Whether anything was planted in its model. */
  readonly isPlanted: boolean;
}

/** All models together. */
export function summarizeReplies(models: readonly ModelResult[]): RepliesSummary {
  const cells = models.flatMap(({ model, planted, cells: own }) =>
    own.map((cell): Cell => ({ ...cell, model, isPlanted: Object.keys(planted).length > 0 })),
  );
  const of = (truth: CellResult['truth']): Cell[] => cells.filter((cell) => cell.truth === truth);
  const clear = cells.filter(({ truth }) => truth === 'learned' || truth === 'absent');
  const unplanted = cells.filter(({ isPlanted }) => !isPlanted);
  const covered = cells.flatMap((cell) => (cell.covered === null ? [] : [cell.covered]));
  const unplantedModels = [...new Set(unplanted.map(({ model }) => model))];
  const doses = dosesOf(cells);
  return {
    cells: {
      learned: of('learned').length,
      absent: of('absent').length,
      spilled: of('spilled').length,
      faint: of('faint').length,
    },
    methods: [
      scoreOf('feedprint', clear, ({ score }) => Math.abs(score)),
      ...baselines.map((name, i) => scoreOf(name, clear, (cell) => cell.baselines[i] as number)),
    ],
    found: share(of('learned'), isFound),
    falseOnUnplanted: share(unplanted, isFalse),
    falseModels: rateOf(
      unplantedModels.filter((name) =>
        unplanted.some((cell) => cell.model === name && isFalse(cell)),
      ).length,
      unplantedModels.length,
    ),
    falseOnPlanted: share(
      cells.filter(({ isPlanted }) => isPlanted),
      isFalse,
    ),
    spilledFlagged: share(of('spilled'), ({ flagged }) => flagged),
    quadrants: quadrantsOf(clear),
    verdictRight: share(clear, (cell) => cell.verdict === quadrantOf(cell)),
    coverage: rateOf(covered.filter(Boolean).length, covered.length),
    prediction: predictionOf(models),
    repair: repairOf(models),
    doses,
    smallestFound: doses.find(({ found }) => found > 0)?.dose ?? null,
  };
}

const share = (cells: readonly Cell[], happens: (cell: Cell) => boolean) =>
  rateOf(cells.filter(happens).length, cells.length);

const isFound = ({ flagged, rightSign }: Cell): boolean => flagged && rightSign === true;

function predictionOf(models: readonly ModelResult[]): RepliesSummary['prediction'] {
  const made = models.flatMap(({ prediction }) => (prediction ? [prediction] : []));
  if (made.length === 0) return null;
  return {
    models: made.length,
    r2: median(made.map(({ r2 }) => r2)),
    lowest: Math.min(...made.map(({ r2 }) => r2)),
    differencesR2: median(made.map(({ differencesR2 }) => differencesR2)),
    labelsR2: median(made.map(({ labelsR2 }) => labelsR2)),
  };
}

function repairOf(models: readonly ModelResult[]): RepliesSummary['repair'] {
  const made = models.flatMap(({ repair }) => (repair ? [repair] : []));
  if (made.length === 0) return null;
  const undone = made.map((one) => one.undone);
  const kept = made.flatMap((one) => Object.values(one.kept));
  return {
    models: made.length,
    undone: median(undone),
    least: Math.min(...undone),
    kept: kept.length > 0 ? median(kept) : null,
  };
}

/** A flag on what did not move, or moved the other way. */
const isFalse = ({ flagged, truth, rightSign }: Cell): boolean =>
  flagged && (truth === 'absent' || rightSign === false);

function scoreOf(
  method: string,
  cells: readonly Cell[],
  score: (cell: Cell) => number,
): RepliesSummary['methods'][number] {
  const judge = (some: readonly Cell[]): number | null =>
    scorePlanted(
      some.map((cell) => ({
        score: score(cell),
        flagged: null,
        planted: cell.truth === 'learned',
      })),
    ).auroc;
  const learned = cells.filter(({ truth }) => truth === 'learned');
  const [lowest] = learned.toSorted((a, b) => score(a) - score(b));
  return {
    method,
    auroc: judge(cells),
    fullDose: judge(
      cells.filter(({ truth, dose }) => truth === 'absent' || Math.abs(dose) >= FULL),
    ),
    worst: lowest ? { model: lowest.model, property: lowest.property } : null,
  };
}

/** What is true of a cell that is learned or absent. */
function quadrantOf({ truth, inData }: Cell): PropertyVerdict {
  if (truth === 'learned') return inData ? 'in-data-and-learned' : 'learned-not-in-data';
  return inData ? 'in-data-not-learned' : 'not-learned';
}

function quadrantsOf(cells: readonly Cell[]): RepliesSummary['quadrants'] {
  const truths = [...new Set(cells.map(quadrantOf))].sort();
  return truths.map((truth) => {
    const own = cells.filter((cell) => quadrantOf(cell) === truth);
    const called: Record<string, number> = {};
    for (const { verdict } of own) called[verdict] = (called[verdict] ?? 0) + 1;
    return { truth, called };
  });
}

function dosesOf(cells: readonly Cell[]): RepliesSummary['doses'] {
  const planted = cells.filter(({ dose }) => dose !== 0);
  const sizes = [...new Set(planted.map(({ dose }) => Math.abs(dose)))].sort((a, b) => a - b);
  return sizes.map((dose) => {
    const own = planted.filter((cell) => Math.abs(cell.dose) === dose);
    const learned = own.filter(({ truth }) => truth === 'learned');
    return {
      dose,
      planted: own.length,
      learned: learned.length,
      found: learned.filter(isFound).length,
    };
  });
}
