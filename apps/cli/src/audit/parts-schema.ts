import type { ReplacedParts } from '@feedprint/recipes';
import { z } from 'zod';

type PartName = keyof ReplacedParts;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** Passes a value with functions through as it is. */
export const thing = <T>(is: (value: unknown) => boolean, what: string) =>
  z.custom<T>(is, `Invalid input: expected ${what}`);

const part = <K extends PartName>(_name: K) =>
  thing<NonNullable<ReplacedParts[K]>>(
    (value) => isObject(value) || isFunction(value),
    'a part',
  ).exactOptional();

/** Parts that take the place of the usual ones. */
export const partsSchema: z.ZodType<ReplacedParts, ReplacedParts> = z.strictObject({
  loadModel: part('loadModel').describe('Loads both models by what base and tuned say.'),
  untrained: part('untrained').describe('Loads a model with random weights, for the control.'),
  divergence: part('divergence').describe('Ranks layers by how far tuning moved them.'),
  activations: part('activations').describe('Keeps activations on disk.'),
  trainer: part('trainer').describe('Trains SAEs, and the dictionaries of changes.'),
  saeFormat: part('saeFormat').describe('Keeps SAEs on disk.'),
  saeMetrics: part('saeMetrics').describe('Measures what SAEs keep.'),
  matcher: part('matcher').describe('Matches the features of two SAEs.'),
  randomizer: part('randomizer').describe('Makes SAEs that know nothing, for controls.'),
  scoredWords: part('scoredWords').describe(
    'Finds the tokens on which the feedback says something.',
  ),
  triples: part('triples').describe('Makes contrastive triples of the texts.'),
  estimators: part('estimators').describe(
    'Estimate the learned feedback; the first one is the main one.',
  ),
  statistics: part('statistics').describe('Judges words, texts and features.'),
  preferences: part('preferences').describe('Reads and analyses preference pairs.'),
  properties: part('properties').describe('Measures and judges properties of replies.'),
  changes: part('changes').describe('Measures changes without labels.'),
  shift: part('shift').describe('Measures token distribution shift.'),
  exchange: part('exchange').describe("Gives a model another's parameters."),
  placebos: part('placebos').describe('Makes models that never saw the feedback.'),
  labeler: part('labeler').describe('Explains, classifies and scores features.'),
} satisfies Record<PartName, z.ZodType>);
