import { alignColumns, numberTable, percent } from '../../tables.ts';
import { counted } from '../../texts.ts';
import { figure, rate } from '../format-figures.ts';
import type { MethodScore, PairResult, PlantedResult, Summary } from './result-schema.ts';

/** What a person reads: a table per pair, then all pairs together. */
export const formatResult = (result: PlantedResult): string =>
  [
    `${evidence(result)}\n`,
    ...result.pairs.map(formatPair),
    formatSummary(result.summary),
    formatConstants(result),
    `Configuration ${result.hash}, feedprint ${result.feedprint}\n`,
  ].join('\n');

function evidence({ pairs }: PlantedResult): string {
  const names = (of: PairResult['evidence']): string =>
    pairs
      .filter((pair) => pair.evidence === of)
      .map(({ pair }) => pair)
      .join(', ');
  const [seen, unseen] = [names('development'), names('held-out')];
  return [
    ...(seen === '' ? [] : [`Development pairs, on which constants were chosen: ${seen}.`]),
    ...(unseen === '' ? [] : [`Held-out pairs: ${unseen}.`]),
  ].join(' ');
}

function formatPair(pair: PairResult): string {
  const truth = {
    planted: `${counted(pair.planted, 'word')} planted`,
    clean: 'nothing planted',
    placebo: 'never tuned on the feedback',
  }[pair.truth];
  const { halves, twin } = pair.coverage;
  const { behaviour } = pair;
  const lines = [
    `${pair.pair} (from ${pair.base}): ${truth}; the feedback is called ${pair.verdict} (effect ${figure(pair.effect)})`,
    `flagged: ${list(pair.flagged)}; of these not planted: ${list(pair.falselyFlagged)}`,
    `intervals agree between halves of the texts: ${rate(halves.covered)}`,
    ...(twin
      ? [
          `between this run of tuning and its twin, of which they say nothing: ${rate(twin.covered)}; apart by ${figure(twin.difference)} nats`,
        ]
      : []),
    ...(behaviour
      ? [
          `written against the feedback, compared with ${behaviour.twin}: ${list(behaviour.moved)} (${behaviour.byChance.toFixed(1)} of ${behaviour.words} by chance); planted but not so: ${list(behaviour.unmoved)}`,
        ]
      : []),
  ];
  const tables = (['stated', 'none'] as const).map((labels) =>
    numberTable([
      headOf(labels),
      ...pair.methods.filter((method) => method.labels === labels).map(methodRow),
    ]),
  );
  return `${lines.join('\n')}\n\n${tables.join('\n')}`;
}

const list = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '));

const headOf = (labels: MethodScore['labels']): string[] => [
  labels === 'none' ? 'no labels: size of the change' : 'with stated labels',
  'preset',
  'AUROC',
  'n >= 20',
  'average precision',
  'precision at planted',
  'AUROC, behaviour',
  'found',
  'falsely flagged',
  'seconds',
];

const methodRow = (score: MethodScore): string[] => [
  score.method,
  score.preset ?? '-',
  figure(score.construction.auroc),
  figure(score.frequent.auroc),
  figure(score.construction.averagePrecision),
  figure(score.construction.precisionAtPlanted),
  figure(score.behaviour?.auroc),
  percent(score.construction.found),
  percent(score.construction.falselyFlagged),
  score.seconds.toFixed(0),
];

function formatSummary({ methods, falseDiscovery, anyFlag, recall, verdicts }: Summary): string {
  const over = numberTable([
    [
      'all pairs',
      'preset',
      'labels',
      'AUROC',
      'lowest',
      'on',
      'average precision',
      'recall',
      'false',
    ],
    ...methods.map(({ method, preset, labels, auroc, averagePrecision, ...found }) => [
      ...[method, preset ?? '-', labels],
      figure(auroc?.median),
      ...[figure(auroc?.low), auroc?.worst ?? '-'],
      figure(averagePrecision?.median),
      percent(found.recall?.value ?? null),
      percent(found.falseDiscovery?.value ?? null),
    ]),
  ]);
  const figures = alignColumns([
    [`false discovery, nominal ${percent(falseDiscovery.nominal)}`, ''],
    ['  pairs', rate(falseDiscovery.pairs)],
    ['  29 % of the signs reversed at random', rate(falseDiscovery.reversedAtRandom)],
    ['  both', rate(falseDiscovery.all)],
    ['  pairs, by behaviour', rate(falseDiscovery.behaviour)],
    ['recall', ''],
    ['  pairs', rate(recall.pairs)],
    ['  29 % of the signs reversed at random', rate(recall.reversedAtRandom)],
    ...recall.byPower.map((bin) => [
      `  power ${bin.from} to ${bin.to}, promised ${percent(bin.promised)}`,
      rate(bin.recall),
    ]),
    ['any word flagged of a placebo', ''],
    ...anyFlag.map((one) => [`  ${one.placebo}`, rate(one.rate)]),
  ]);
  const called = numberTable([
    ['called', 'learned', 'reversed', 'unrelated', 'undecided'],
    ...verdicts.map(({ of, learned, reversed, unrelated, undecided }) => [
      of,
      ...[learned, reversed, unrelated, undecided].map(String),
    ]),
  ]);
  return `${over}\n${figures.join('\n')}\n\n${called}`;
}

const formatConstants = ({ constants }: PlantedResult): string =>
  `Chosen on development pairs:\n${alignColumns(
    constants.map(({ name, value, meaning }) => [`  ${name}`, `${value}`, meaning]),
  ).join('\n')}\n`;
