import { FeedprintError } from '@feedprint/core';
import type { FeatureMatch } from '@feedprint/core';
import { compareDictionaries, readSae } from '@feedprint/sae';
import type { DictionaryPair, GraphSae } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { decimal, wholeNumber } from '../options.ts';
import { alignColumns, percent } from '../tables.ts';
import { counted } from '../texts.ts';

interface CompareFlags {
  readonly a: string;
  readonly b: string;
  readonly oneToOne?: boolean;
  readonly threshold: number;
  readonly top: number;
  readonly json?: boolean;
}

export function addSaeCompareCommand(sae: Command, io: Io): void {
  sae
    .command('compare')
    .description(
      'Match the features of two SAEs over the same units: of a base and a tuned model, or a small and a large one.',
    )
    .requiredOption('--a <path>', 'first SAE')
    .requiredOption('--b <path>', 'second SAE')
    .option('--one-to-one', 'also match features one to one')
    .option(
      '--threshold <x>',
      'cosine similarity at which two features count as the same',
      decimal({ zero: true, most: 1 }),
      0.7,
    )
    .option('--top <n>', 'matches to show', wholeNumber(0), 10)
    .option('--json', 'print the result as JSON')
    .action(async (flags: CompareFlags) => {
      const [a, b] = [await open(flags.a), await open(flags.b)];
      checkSameSpace(a, b);
      const { oneToOne = false, threshold } = flags;
      const pair = await compareDictionaries(a, b, { oneToOne, threshold });
      io.out(flags.json ? `${JSON.stringify(toJson(flags, pair))}\n` : describe(flags, pair, a, b));
      await a.dispose();
      await b.dispose();
    });
}

/** Comparing needs no site, which not every format tells. */
const open = (path: string): Promise<GraphSae> =>
  readSae(path).catch((error: unknown) => {
    const siteless = FeedprintError.is(error) && error.code === 'usage';
    if (siteless) return readSae(path, { site: 'not told' });
    throw error;
  });

function checkSameSpace(a: GraphSae, b: GraphSae): void {
  if ((a.kind === 'crosscoder') === (b.kind === 'crosscoder')) return;
  throw new FeedprintError({
    code: 'usage',
    message: 'a crosscoder has features of two models, the other SAE of one',
    remedy: 'compare SAEs over the same units',
  });
}

const shared = ({ matches }: DictionaryPair['aInB'], only: readonly FeatureMatch[]): number =>
  matches.filter(({ match }) => match !== null).length - only.length;

function toJson({ a, b, top }: CompareFlags, pair: DictionaryPair): unknown {
  const side = (comparison: DictionaryPair['aInB'], only: readonly FeatureMatch[]) => ({
    features: comparison.matches.length,
    mmcs: comparison.mmcs,
    matched: shared(comparison, only),
    only: only.map(({ feature }) => feature),
  });
  return {
    a: { path: a, ...side(pair.aInB, pair.onlyInA) },
    b: { path: b, ...side(pair.bInA, pair.onlyInB) },
    threshold: pair.threshold,
    top: topMatches(pair.oneToOne ?? pair.aInB, top),
    ...(pair.oneToOne && {
      oneToOne: { mmcs: pair.oneToOne.mmcs, matches: pair.oneToOne.matches },
    }),
  };
}

function describe(flags: CompareFlags, pair: DictionaryPair, a: GraphSae, b: GraphSae): string {
  const line = (
    names: string,
    { mmcs, matches }: DictionaryPair['aInB'],
    only: readonly FeatureMatch[],
  ): string[] => {
    const matched = shared({ mmcs, matches }, only);
    return [
      names,
      mmcs.toFixed(4),
      `${matched} of ${matches.length} (${percent(matched / matches.length)})`,
      `${only.length}`,
    ];
  };
  const matches = topMatches(pair.oneToOne ?? pair.aInB, flags.top);
  return [
    ...[a, b].map(
      (sae, i) =>
        `${'ab'[i]}: ${sae.kind}, ${counted(sae.dSae, 'feature')}, ${sae.site}: ${i ? flags.b : flags.a}`,
    ),
    '',
    ...alignColumns(
      [
        ['', 'MMCS', `found there at ${pair.threshold}`, 'not found'],
        line('features of a in b', pair.aInB, pair.onlyInA),
        line('features of b in a', pair.bInA, pair.onlyInB),
      ],
      new Set([1, 2, 3]),
    ),
    ...(pair.oneToOne ? [`one to one: mean similarity ${pair.oneToOne.mmcs.toFixed(4)}`] : []),
    '',
    reading(pair, a, b),
    ...(pair.onlyInB.length > 0
      ? [`Only in b, the most foreign first: ${list(pair.onlyInB)}`]
      : []),
    ...(matches.length > 0
      ? [
          '',
          'Most alike:',
          ...alignColumns(
            matches.map(({ feature, match, similarity }) => [
              `  a/${feature}`,
              `b/${match}`,
              similarity.toFixed(4),
            ]),
          ),
        ]
      : []),
    '',
  ].join('\n');
}

/** Where the two differ in size, the question is whether the large one has what the small one has. */
function reading({ aInB, bInA, threshold }: DictionaryPair, a: GraphSae, b: GraphSae): string {
  if (a.dSae !== b.dSae) {
    const small = a.dSae < b.dSae ? aInB : bInA;
    return `The larger one has ${percent(shareAbove(small, threshold))} of the smaller one's features.`;
  }
  return `${percent(shareAbove(bInA, threshold))} of b's features are in a, ${percent(shareAbove(aInB, threshold))} of a's in b.`;
}

const shareAbove = ({ matches }: DictionaryPair['aInB'], threshold: number): number =>
  matches.filter(({ similarity }) => similarity >= threshold).length / matches.length;

const topMatches = ({ matches }: DictionaryPair['aInB'], count: number): FeatureMatch[] =>
  matches
    .filter(({ match }) => match !== null)
    .sort((x, y) => y.similarity - x.similarity || x.feature - y.feature)
    .slice(0, count);

/** Features shown of a long list. */
const SHOWN = 20;

const list = (features: readonly FeatureMatch[]): string =>
  features
    .slice(0, SHOWN)
    .map(({ feature }) => feature)
    .join(', ') + (features.length > SHOWN ? `, and ${features.length - SHOWN} more` : '');
