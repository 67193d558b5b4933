import type { Agreement, SheetScore } from '@feedprint/recipes';
import { alignColumns, percent, percentWithin } from '../tables.ts';
import { counted } from '../texts.ts';

/** A line per person, then all of them, their agreement, and the explanations that they doubt. */
export function formatSheet(score: SheetScore): string {
  const { annotators, right, chance, pairs, all, confirmed, doubted } = score;
  const rows = annotators.map((one) => [
    one.name,
    percentWithin(one.right),
    percent(one.none.value),
    `${one.right.trials}`,
    `${one.open}`,
  ]);
  const table = alignColumns(
    [['answers', 'right', 'none fits', 'answered', 'left open'], ...rows],
    new Set([1, 2, 3, 4]),
  );
  const lines = [
    ...table,
    '',
    `right in all: ${percentWithin(right)} of ${right.trials} (guessing: ${percent(chance)})`,
    ...pairs.map(({ first, second, agreement }) => `${first} and ${second}: ${kappaOf(agreement)}`),
  ];
  if (all && pairs.length > 1) lines.push(`all together: Fleiss' ${kappaOf(all)}`);
  lines.push(`${counted(confirmed.length, 'explanation')} chosen by more than half`);
  if (doubted.length > 0) lines.push(`not chosen by more than half: ${doubted.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

const kappaOf = ({ kappa, n }: Agreement): string =>
  `kappa ${kappa === null ? '-' : kappa.toFixed(2)} on ${counted(n, 'question')}`;
