import type { ReplyEvidence } from '@feedprint/probe';
import type { PreferencesReport } from '@feedprint/report/chapters/pairs';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { PreparedPairs } from './prepared-pairs.ts';
import type { Preferences } from './preferences-schema.ts';
import type { PairEvidence } from './reply-evidence.ts';

/** Number of pairs shown. */
const SHOWN = 12;
/** Number of characters shown of a prompt, from its end. */
const PROMPT = 240;
const BINS = 40;

/** The report's part on preference pairs. */
export function reportPairs(
  { models }: Pick<AuditContext, 'models'>,
  pairs: PreparedPairs,
  evidence: PairEvidence,
  found: Preferences,
): PreferencesReport {
  const text = (token: number): string => models.tuned.tokenizer.tokenText(token);
  const reply = ({ tokens, base, tuned }: ReplyEvidence, reward: number) => ({
    tokens: Array.from(tokens, text),
    logRatio: Array.from(tuned, (value, t) => value - (base[t] as number)),
    reward,
  });
  const everyPair = new Map([['all', Int32Array.from(found.pairs.keys())], ...pairs.splits]);
  return {
    file: pairs.file.file,
    pairs: found.pairs.length,
    left: pairs.file.pairs.length - found.pairs.length,
    prompts: new Set(pairs.prompts).size,
    truncated: pairs.encoded.filter(({ truncated }) => truncated).length,
    explained: found.explained,
    accuracies: found.accuracies.map((each) => ({
      ...each,
      comparisons: [...each.comparisons],
    })),
    margins: [...everyPair].map(([split, indices]) => ({
      split,
      ...histogram(Array.from(indices, (i) => known(found.pairs[i], `pair ${i}`).margin)),
    })),
    words: found.words.map((word) => ({ word: text(word.token), ...word })),
    flagged: found.pairs.filter(({ flagged }) => flagged).length,
    contradictions: strongest(found.pairs).map((i) => {
      const { chosenReward, rejectedReward, margin, inData, learned, score, p, q, flagged, words } =
        known(found.pairs[i], `pair ${i}`);
      const { id, split, prompt } = known(pairs.records[i], `pair ${i}`);
      return {
        pair: known(pairs.encoded[i], `pair ${i}`).index,
        id: id ?? null,
        split: split ?? null,
        prompt: prompt.length > PROMPT ? `…${prompt.slice(-PROMPT)}` : prompt,
        chosen: reply(known(evidence.chosen[i], `pair ${i}`), chosenReward),
        rejected: reply(known(evidence.rejected[i], `pair ${i}`), rejectedReward),
        margin,
        inData,
        learned,
        score,
        p,
        q,
        flagged,
        words: words.map(text),
      };
    }),
    knownTruth: found.truth.length === 0 ? null : [...found.truth],
  };
}

function strongest(pairs: Preferences['pairs']): number[] {
  const score = (i: number): number => pairs[i]?.score ?? 0;
  return [...pairs.keys()].sort((a, b) => score(b) - score(a) || a - b).slice(0, SHOWN);
}

/** Bins around zero that contain all but the outermost pairs; zero is an edge. */
function histogram(margins: readonly number[]) {
  const sizes = margins.map(Math.abs).sort((a, b) => a - b);
  const reach = sizes[Math.floor(0.99 * (sizes.length - 1))] || 1;
  const width = (2 * reach) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const margin of margins) {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor((margin + reach) / width)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { from: -reach, width, counts };
}
