import type { ActivationExample, FeedbackSignal, Labeler, Property } from '@feedprint/core';
import { propertyOfWindows } from './evidence/property-of-windows.ts';
import { surroundings } from './evidence/surroundings.ts';
import { balancedAccuracy } from './scorers/balanced-accuracy.ts';
import type { Polarity } from './firing-sentence.ts';
import { formatFiringSentence, parseFiringSentence } from './firing-sentence.ts';
import { markedWindows } from './scorers/marked-windows.ts';

export interface OfflineLabelerOptions {
  /** The stated feedback: its scores are the tokens' valences. Without it, no polarity is stated and nothing is classified. */
  readonly signal?: Pick<FeedbackSignal<'token'>, 'score'>;
  /** Or the property of replies that was rewarded, by which features are classified then. */
  readonly property?: Pick<Property, 'name' | 'measure'>;
}

const maxTokens = 5;
const minShare = 0.05;
/** Far above the share of scored tokens in ordinary text (5 to 15 %), so that a feature that reaches it is about them. */
const relatedShare = 1 / 3;
/** With eight active windows and four silent ones, chance goes so far to either side for 3 in 100 features (Mann-Whitney). */
const relatedAuroc = 0.9;

/**
 * A labeler without a network: it names the tokens that hold most of a feature's activation mass.
 *
 * - `explain`: the tokens with the largest shares of the mass over the top windows (at most 5, each at least 5 %; the
 *   largest always), the share of the whole mass that is on tokens with a valence, and the polarity if more than half is on
 *   tokens of one sign.
 * - `classify`: is the feature about the feedback that `signal` states? It reads that share back (or, from another's
 *   explanation, adds up the quoted tokens that have a valence) and answers yes from a third of the mass upwards; the
 *   confidence is that share, or 1 minus it for a no. It does not read the question's wording, so ask it about the feedback
 *   only. `undefined` without `signal` or quoted tokens.
 *   With `property` it is about that property of texts instead: yes where it tells active windows from silent ones with an AUROC of
 *   0.9, one way or the other.
 * - `score`: predicts that a window is active if and only if one of its tokens is quoted.
 * - `fuzz`: predicts that marks are right if and only if at least half of the marked tokens are quoted.
 */
export function createOfflineLabeler({ signal, property }: OfflineLabelerOptions = {}): Labeler {
  return {
    name: 'offline',
    settings: { sentences: 2, ...(property && { property: property.name }) },
    explain: async (evidence) => {
      const shares = massShares(evidence.top);
      if (shares.length === 0) return undefined;
      const tokens = shares
        .slice(0, maxTokens)
        .filter(({ share }, index) => index === 0 || share >= minShare);
      const { top, contrast = [] } = evidence;
      const found = property && (await propertyOfWindows(property, top, contrast));
      const where = { ...surroundings(top, contrast), ...(found && { property: found }) };
      if (!signal) return formatFiringSentence({ tokens, ...where });
      const valence = await valencesOf(shares, signal);
      const polarity = polarityOf(shares, valence);
      const onFeedback = sum(
        shares.filter(({ token }) => valence(token) !== 0).map(({ share }) => share),
      );
      return formatFiringSentence({ tokens, ...where, onFeedback, ...(polarity && { polarity }) });
    },
    classify: async (explanation) => {
      const { tokens, onFeedback, property: seen } = parseFiringSentence(explanation);
      if (property) {
        if (seen?.name !== property.name) return undefined;
        const apart = Math.max(seen.auroc, 1 - seen.auroc);
        const isRelated = apart >= relatedAuroc;
        return { related: isRelated, confidence: isRelated ? apart : 1 - apart };
      }
      if (!signal || tokens.length === 0) return undefined;
      const valence = await valencesOf(tokens, signal);
      const quoted = tokens.filter(({ token }) => valence(token) !== 0);
      const share = onFeedback ?? Math.min(1, sum(quoted.map((token) => token.share)));
      const related = share >= relatedShare;
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
    fuzz: async (explanation, evidence) => {
      const words = new Set(parseFiringSentence(explanation).tokens.map(({ token }) => token));
      if (words.size === 0) return undefined;
      return balancedAccuracy(
        markedWindows(evidence).map(({ tokens, marked, active }) => {
          const named = marked.filter((at) => words.has(tokens[at] ?? ''));
          return { active, predicted: named.length > 0 && 2 * named.length >= marked.length };
        }),
      );
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

/** What the signal says of each of these tokens, 0 for nothing. */
async function valencesOf(
  shares: readonly TokenShare[],
  signal: Pick<FeedbackSignal<'token'>, 'score'>,
): Promise<(token: string) => number> {
  const scores = await signal.score(shares.map(({ token }) => token));
  const valences = new Map(shares.map(({ token }, i) => [token, scores[i] ?? 0]));
  return (token) => valences.get(token) ?? 0;
}

function polarityOf(
  shares: readonly TokenShare[],
  valence: (token: string) => number,
): Polarity | undefined {
  const signed = (sign: number): number =>
    sum(shares.filter(({ token }) => valence(token) * sign > 0).map(({ share }) => share));
  if (signed(1) > 0.5) return 'positive';
  if (signed(-1) > 0.5) return 'negative';
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
