import { alignColumns, numberTable, percent } from '../../tables.ts';
import { figure, rate } from '../format-figures.ts';
import type { CellResult, ModelResult, RepliesResult } from './result-schema.ts';

/** What a person reads: what was said of every model, then all models together. */
export function formatReplies({ models, summary, hash, feedprint }: RepliesResult): string {
  const { cells, methods, quadrants, prediction, repair, doses } = summary;
  const columns = [...new Set(quadrants.flatMap(({ called }) => Object.keys(called)))].sort();
  const parts = [
    models.map(formatModel).join('\n'),
    `${cells.learned} properties learned, ${cells.absent} not; left out of the ranking: ${cells.spilled} that moved though nobody rewarded them, ${cells.faint} of which it cannot be told.`,
    numberTable([
      ['method', 'AUROC', 'full dose', 'lowest learned'],
      ...methods.map(({ method, auroc, fullDose, worst }) => [
        ...[method, figure(auroc), figure(fullDose)],
        worst ? `${worst.property} of ${worst.model}` : '-',
      ]),
    ]),
    alignColumns([
      ['found, with the right sign', rate(summary.found)],
      ['false, where nothing was planted', rate(summary.falseOnUnplanted)],
      ['  models with a false flag', rate(summary.falseModels)],
      ['false, where something was', rate(summary.falseOnPlanted)],
      ['flagged, of what moved though nobody rewarded it', rate(summary.spilledFlagged)],
      ['verdict right', rate(summary.verdictRight)],
      ['90 % intervals hold the truth', rate(summary.coverage)],
    ]).join('\n'),
    numberTable([
      ['true', ...columns],
      ...quadrants.map(({ truth, called }) => [
        truth,
        ...columns.map((column) => `${called[column] ?? 0}`),
      ]),
    ]),
    ...(prediction ? [sayPrediction(prediction)] : []),
    ...(repair ? [sayRepair(repair)] : []),
    numberTable([
      ['dose', 'planted', 'learned', 'found'],
      ...doses.map((one) => [one.dose, one.planted, one.learned, one.found].map(String)),
    ]),
    `Configuration ${hash}, feedprint ${feedprint}`,
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

const sayPrediction = ({
  models,
  r2,
  lowest,
  differencesR2,
  labelsR2,
}: NonNullable<RepliesResult['summary']['prediction']>): string =>
  `Foretold from base and pairs, median R² over ${models} models: ${figure(r2)} (lowest ${figure(lowest)}); by chosen minus rejected ${figure(differencesR2)}, by what the labels reward ${figure(labelsR2)}.`;

const sayRepair = ({
  models,
  undone,
  least,
  kept,
}: NonNullable<RepliesResult['summary']['repair']>): string =>
  `Tuned again on repaired pairs, ${models} models: ${percent(undone)} of the change is undone (median; least ${percent(least)})${kept === null ? '' : `, ${percent(kept)} of the other learned ones is left`}.`;

function formatModel({ model, method, planted, cells }: ModelResult): string {
  const doses = Object.entries(planted).map(([name, dose]) => `${name} ${dose}`);
  const flagged = cells.filter((cell) => cell.flagged).map(describe);
  return [
    `${model} (${method}): ${doses.length > 0 ? doses.join(', ') : 'nothing planted'}`,
    `  flagged: ${flagged.join(', ') || 'none'}`,
  ].join('\n');
}

const describe = ({ property, score, truth, z }: CellResult): string =>
  `${property} ${score > 0 ? '+' : ''}${score.toFixed(2)} (${truth}, z ${z.toFixed(0)})`;
