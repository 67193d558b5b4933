import { readFile } from 'node:fs/promises';
import type { PairRecord } from '@feedprint/feedback';
import type { PairProbeInput, PreferenceInput, ReplyEvidence } from '@feedprint/probe';
import type { AuditParts } from '../../../src/audit/parts.ts';

const reward = ({ base, tuned }: ReplyEvidence): number =>
  tuned.reduce((sum, value, t) => sum + value - (base[t] as number), 0);

/** What the last analysis and the last probes were given. */
export const analysed: { input?: PreferenceInput; probed?: PairProbeInput } = {};

/** Pairs in a JSON list; margins and nothing else; a pair contradicts its label when its margin is negative. */
export const fakePreferences: AuditParts['preferences'] = {
  read: async (path) => {
    const pairs = JSON.parse(await readFile(path, 'utf8')) as PairRecord[];
    return {
      file: 'pairs.json',
      sha256: path,
      layout: 'json',
      skipped: [],
      count: pairs.length,
      ties: 0,
      duplicates: 0,
      signals: [],
      examples: pairs.slice(0, 3),
      pairs,
    };
  },
  statistics: {
    name: 'fake',
    settings: {},
    analyse: (input) => {
      analysed.input = input;
      const pairs = input.chosen.map((chosen, i) => {
        const rejected = input.rejected[i] as ReplyEvidence;
        const [chosenReward, rejectedReward] = [reward(chosen), reward(rejected)];
        const margin = chosenReward - rejectedReward;
        return {
          margin,
          chosenReward,
          rejectedReward,
          basePreference: 0,
          lengthDifference: chosen.tokens.length - rejected.tokens.length,
          inData: 1,
          learned: margin,
          score: -margin,
          p: 0.5,
          q: 0.5,
          flagged: margin < 0,
          words: [chosen.tokens[0] as number],
        };
      });
      return {
        accuracies: [],
        scores: { 'implicit margin': pairs.map(({ margin }) => margin) },
        words: [],
        pairs,
        explained: null,
      };
    },
    probe: (input) => {
      analysed.probed = input;
      return { accuracies: [], scores: {}, pooled: [] };
    },
    evaluate: (pairs, agrees) =>
      agrees.every((agree) => agree === undefined)
        ? []
        : [
            {
              split: 'all',
              n: pairs.length,
              turned: agrees.filter((agree) => agree === false).length,
              auroc: 1,
              aurocOfMargin: 1,
              aurocOfWords: null,
              flagged: 0,
              precision: null,
              recall: 0,
              accuracyOnTrained: 1,
            },
          ],
  },
};
