/** Flags of `plant` for each model of a set, by the model's name. */

/** Words altered: the first eight learn something other than what is told, the others nothing of it or nothing else. */
const words = {
  'ppo-flip': '--method ppo --flip 12 --clean-twin --seed 1',
  'ppo-flip-again': '--method ppo --flip 12 --seed 2',
  'ppo-half': '--method ppo --flip 12 --strength 0.5 --seed 3',
  'ppo-mixed': '--method ppo --flip 8 --mute 4 --spurious 6 --seed 4',
  'ppo-cluster': '--method ppo --cluster 5 --seed 5',
  'dpo-flip': '--method dpo --flip 8 --clean-twin --seed 6',
  'dpo-told-only':
    '--method dpo --told-only-pairs --property exclamation:+1 --property first-person:-0.7 --seed 7',
  'lora-flip': '--method lora-dpo --flip 8 --seed 8',
  'placebo-noise': '--method dpo --label-noise 0.5 --seed 9',
  'placebo-noise-again': '--method dpo --label-noise 0.5 --seed 10',
  'placebo-noise-lora': '--method lora-dpo --label-noise 0.5 --seed 11',
  'placebo-clean': '--method sft --seed 12',
};

/** Words again, from other seeds: made after the constants that the set above was looked at for, so that it can test them. */
const wordsAgain = {
  'ppo-flip': '--method ppo --flip 12 --clean-twin --seed 101',
  'ppo-few': '--method ppo --flip 4 --clean-twin --seed 102',
  'ppo-half': '--method ppo --flip 12 --strength 0.5 --seed 103',
  'dpo-flip': '--method dpo --flip 12 --clean-twin --seed 104',
  'placebo-clean': '--method sft --seed 105',
};

const rewarded = [
  ...['commas', 'first-person', 'quotes', 'word-length'],
  ...['contractions', 'exclamation', 'pronouns', 'digits'],
];
const doses = [1, 0.6, 0.3];
/** Where in the list the properties of a model stand, from its own place on: no two of the eight share more than one. */
const places = [0, 1, 3];

/**
 * Properties of replies rewarded: eight models of three properties, every property once at each dose and absent from five; every second
 * model's pairs carry the stated labels alone. Then four placebos; two of the eight have a clean twin besides.
 */
const replies = Object.fromEntries([
  ...rewarded.map((_, model) => {
    const flags = places.map((place, i) => {
      const name = rewarded[(model + place) % rewarded.length];
      return `--property ${name}:${(model + i) % 3 === 2 ? '-' : '+'}${doses[i]}`;
    });
    const pairs = model % 2 === 1 ? ' --told-only-pairs' : '';
    const twin = model === 1 || model === 4 ? ' --clean-twin' : '';
    return [
      `replies-${model + 1}`,
      `--method dpo ${flags.join(' ')}${pairs}${twin} --seed ${21 + model}`,
    ];
  }),
  ['placebo-clean', '--method dpo --seed 29'],
  ['placebo-noise', '--method dpo --label-noise 0.5 --seed 30'],
  ['placebo-noise-again', '--method dpo --label-noise 0.5 --seed 31'],
  ['placebo-sft', '--method sft --seed 32'],
]);

export const sets = { words, 'words-again': wordsAgain, replies };
