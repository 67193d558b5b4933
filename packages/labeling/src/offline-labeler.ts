import type { ActivationExample, Labeler } from '@feedprint/core';
import { balancedAccuracy } from './balanced-accuracy.ts';
import type { Polarity } from './firing-sentence.ts';
import { formatFiringSentence, parseFiringSentence } from './firing-sentence.ts';

export interface OfflineLabelerOptions {
  /** Stated feedback of a token (leading space kept); `undefined` where there is none. Without it no polarity is told and nothing is classified. */
  readonly valence?: (token: string) => number | undefined;
}

const maxTokens = 5;
const minShare = 0.05;

/**
 * A labeler without a network: it names the tokens that hold most of a feature's activation mass.
 *
 * - `explain`: the tokens with the largest shares of the mass over the top windows (at most 5, each at least 5 %, the
 *   largest always), and the polarity when more than half of the mass is on tokens of one sign.
 * - `classify`: is the feature about the feedback that `valence` states? It reads the quoted tokens back, and answers yes
 *   when those with a valence hold at least half of the mass; the confidence is their share, or 1 minus it for a no. The
 *   question's wording is not read, so ask it about the feedback only. `undefined` without `valence` or quoted tokens.
 * - `score`: predicts that a window is active if and only if one of its tokens is quoted.
 */
export function createOfflineLabeler({ valence }: OfflineLabelerOptions = {}): Labeler {
  return {
    name: 'offline',
    explain: async (evidence) => {
      const shares = massShares(evidence.top);
      if (shares.length === 0) return undefined;
      const tokens = shares
        .slice(0, maxTokens)
        .filter(({ share }, index) => index === 0 || share >= minShare);
      const polarity = valence && polarityOf(shares, valence);
      return formatFiringSentence(polarity ? { tokens, polarity } : { tokens });
    },
    classify: async (explanation) => {
      const { tokens } = parseFiringSentence(explanation);
      if (!valence || tokens.length === 0) return undefined;
      const valenced = tokens.filter(({ token }) => (valence(token) ?? 0) !== 0);
      const share = Math.min(1, sum(valenced.map((token) => token.share)));
      const related = share >= 0.5;
      return { related, confidence: related ? share : 1 - share };
    },
    score: async (explanation, evidence) => {
      const words = new Set(parseFiringSentence(explanation).tokens.map(({ token }) => token));
      if (words.size === 0) return undefined;
      const detect = (active: boolean) => (example: ActivationExample) => ({
        active,
        predicted: example.tokens.some((token) => words.has(token)),
      });
      return balancedAccuracy([
        ...evidence.heldOutActive.map(detect(true)),
        ...evidence.heldOutSilent.map(detect(false)),
      ]);
    },
  };
}

interface TokenShare {
  readonly token: string;
  readonly share: number;
}

/** Share of the activation mass per token text, largest first, ties by text. */
function massShares(examples: readonly ActivationExample[]): readonly TokenShare[] {
  const mass = new Map<string, number>();
  for (const { tokens, activations } of examples) {
    tokens.forEach((token, i) => {
      const activation = activations[i] ?? 0;
      if (activation > 0) mass.set(token, (mass.get(token) ?? 0) + activation);
    });
  }
  const total = sum([...mass.values()]);
  return [...mass]
    .map(([token, value]) => ({ token, share: value / total }))
    .sort((a, b) => b.share - a.share || (a.token < b.token ? -1 : 1));
}

function polarityOf(
  shares: readonly TokenShare[],
  valence: (token: string) => number | undefined,
): Polarity | undefined {
  const signed = (sign: number): number =>
    sum(shares.filter(({ token }) => (valence(token) ?? 0) * sign > 0).map(({ share }) => share));
  if (signed(1) > 0.5) return 'positive';
  if (signed(-1) > 0.5) return 'negative';
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
