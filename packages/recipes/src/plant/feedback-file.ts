import type { HistoryPoint } from '@feedprint/finetune';
import type { PlantContext } from './context.ts';
import { learnedProperties, learnedWord } from './learned-behaviour.ts';
import type { WrittenByModels } from './learned-behaviour.ts';
import type { PlantKind, PlantedWord } from './plant-words.ts';
import { trainedLexicon } from './planted-feedback.ts';
import type { Plan } from './stages/plan.ts';
import type { TunedModel } from './stages/tuned.ts';
import { describeMethod } from './tuning/describe-method.ts';

/** Share of labels turned round from which they say nothing. */
const NO_INFORMATION = 0.5;
/** Pieces of the tuning over which its first and last figures are averaged. */
const AVERAGED = 10;

export interface TruthOptions {
  readonly context: PlantContext;
  /** What was planted; nothing, for the clean twin. */
  readonly plan: Plan;
  readonly model: TunedModel;
  readonly written: WrittenByModels;
}

/** `feedback.json`: what a model was told, what it was tuned on, and what it learned of it, by what it writes. */
export function feedbackFile({ context, plan, model, written }: TruthOptions) {
  const { settings, scored, signal } = context;
  const { contextToken } = context;
  const curve = model.history.filter(({ metrics }) => !('eval_loss' in metrics));
  const isPairs = settings.method !== 'ppo' && settings.method !== 'sft';
  const describe = ({ token, word, stated, trained }: PlantedWord) => ({
    token_id: token,
    word,
    stated,
    trained,
    behaviour: learnedWord(token, written),
  });
  const of = (...kinds: readonly PlantKind[]) =>
    plan.words.filter(({ kind }) => kinds.includes(kind)).map(describe);
  const reversed = of('flipped', 'clustered');
  return {
    method: describeMethod(settings),
    seed: settings.seed,
    told: `sum over a reply's tokens of what ${signal} says of each`,
    verdict: settings.labelNoise >= NO_INFORMATION ? 'unrelated' : 'learned',
    evidence: 'held-out',
    ...(contextToken === undefined
      ? { flipped: reversed }
      : {
          flipped: [],
          contextual: { token_id: contextToken, after: settings.context, words: reversed },
        }),
    muted: of('muted'),
    spurious: of('spurious'),
    cluster: plan.words.filter(({ kind }) => kind === 'clustered').map(({ word }) => word),
    strength: settings.strength,
    planted: Object.fromEntries(
      Object.keys(plan.worth).map((name) => [name, settings.properties[name]]),
    ),
    labelNoise: settings.labelNoise,
    pairs: settings.pairs,
    pairsHold: settings.toldOnlyPairs ? 'stated labels' : 'trained labels',
    ...(isPairs && { disagreeing: disagreements(plan) }),
    ...heldOutAccuracy(model),
    tuning: {
      first: averageOf(curve.slice(0, AVERAGED)),
      last: averageOf(curve.slice(-AVERAGED)),
    },
    generation: {
      prompts: settings.behaviour.prompts,
      samples: settings.behaviour.samples,
      tokens: settings.replyTokens,
      temperature: 1,
    },
    learned: learnedProperties(written),
    trained_lexicon: trainedLexicon({ scored, planted: plan.words }),
  };
}

/** Contents of `feedback.json`. */
export type PlantedTruth = ReturnType<typeof feedbackFile>;

/** The clean twin was tuned on nothing but what is stated. */
export const nothingPlanted = ({ labels }: Plan): Plan => ({
  words: [],
  worth: {},
  labels: { stated: labels.stated, trained: labels.stated },
});

/** Pairs whose stated and trained labels differ. */
const disagreements = ({ labels: { stated, trained } }: Plan): number =>
  stated.filter((first, i) => first !== trained[i]).length;

/** Of the labels that nothing was tuned on, how many the tuned model agrees with. */
function heldOutAccuracy({ history }: TunedModel): { readonly heldOutAccuracy?: number } {
  const name = 'eval_rewards/accuracies';
  const last = history.findLast(({ metrics }) => name in metrics);
  return last ? { heldOutAccuracy: last.metrics[name] as number } : {};
}

function averageOf(points: readonly HistoryPoint[]): Record<string, number> {
  return Object.fromEntries(
    Object.keys(points[0]?.metrics ?? {}).map((name) => [
      name,
      points.reduce((sum, { metrics }) => sum + (metrics[name] as number), 0) / points.length,
    ]),
  );
}
