import { createRandom, FeedprintError, matrix } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { matchTemperature, noisyModel, warmModel } from '@feedprint/recipes';

/** What a placebo is made of. */
export interface PlaceboOrigin {
  readonly base: LanguageModel;
  /** Loads the tuned model; whoever gave this disposes of it. */
  readonly tuned: () => Promise<LanguageModel>;
  readonly texts: readonly Int32Array[];
}

/** A model that cannot have learned the feedback, made of a base. */
export interface PlaceboModel {
  readonly name: string;
  /** Whether the tuned model says how far the base is changed, so that each pair has a placebo of its own. */
  readonly ofTuned: boolean;
  make(origin: PlaceboOrigin): Promise<LanguageModel>;
}

/** Positions on which a temperature is matched, and of one text. */
const COMPARED = 1024;
const LONGEST = 64;

/** The base at the temperature at which it is as uncertain as the tuned model. */
export const matchedTemperature: PlaceboModel = {
  name: 'matched temperature',
  ofTuned: true,
  async make({ base, tuned, texts }) {
    const rows = beginnings(texts);
    const logits = async (model: LanguageModel): Promise<Matrix> =>
      (await model.run(rows, { logits: 'all' })).logits ?? matrix(0, 0);
    return atTemperature(base, matchTemperature(await logits(base), await logits(await tuned())));
  },
};

/** What the bench makes of every base besides. */
export const placeboModels = (seed: number): PlaceboModel[] => [
  ...[1.2, 0.8].map((temperature) => ({
    name: `temperature ${temperature}`,
    ofTuned: false,
    make: ({ base }: PlaceboOrigin) => Promise.resolve(atTemperature(base, temperature)),
  })),
  ...[0, 1, 2].map((i) => ({
    name: `weight noise ${i}`,
    ofTuned: true,
    make: async ({ base, tuned }: PlaceboOrigin) => {
      const random = createRandom(seed).fork(`weight noise ${i}`);
      return noisyModel(base, await tuned(), random) ?? refuse(base);
    },
  })),
];

const atTemperature = (base: LanguageModel, temperature: number): LanguageModel =>
  warmModel(base, temperature) ?? refuse(base);

function refuse({ name }: LanguageModel): never {
  throw new FeedprintError({
    code: 'usage',
    message: `the parameters of ${name} cannot be changed, so no placebo can be made of it`,
    remedy: 'give pairs of checkpoints',
  });
}

function beginnings(texts: readonly Int32Array[]): Int32Array[] {
  let total = 0;
  return texts
    .map((text) => text.slice(0, LONGEST))
    .filter((row, i) => i === 0 || (total += row.length) <= COMPARED);
}
