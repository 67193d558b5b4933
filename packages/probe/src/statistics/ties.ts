/** Items with the same score: how many there are, and how many of them are positive. */
export interface Tie {
  readonly n: number;
  readonly positives: number;
}

/** The items by score, greatest first, grouped by equal score. */
export function tiesDescending(scores: ArrayLike<number>, labels: ArrayLike<number>): Tie[] {
  const order = Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number),
  );
  const ties: { n: number; positives: number }[] = [];
  order.forEach((item, place) => {
    const before = order[place - 1];
    if (before === undefined || scores[before] !== scores[item]) ties.push({ n: 0, positives: 0 });
    const tie = ties.at(-1) as { n: number; positives: number };
    tie.n++;
    tie.positives += labels[item] as number;
  });
  return ties;
}
