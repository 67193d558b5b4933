const words: readonly (readonly [name: string, words: string])[] = [
  ['explainedVariance', 'explained variance (running batch)'],
  ['deadShare', 'dead features, share of all'],
  ['rowsPerSecond', 'rows per second'],
];

/** What a metric of a run's events is called where people read it; further words around its name stay. */
export const curveTitle = (name: string): string =>
  words.reduce((title, [from, to]) => title.replace(from, to), name);
