import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal, RunEventInput } from '@feedprint/core';
import { devices } from '@feedprint/graph';
import { auditSettingsSchema, feedbackGrammar, labelers, toldSchema } from '@feedprint/recipes';
import type { AuditInputs, AuditResult, GivenFeedback } from '@feedprint/recipes';
import { z } from 'zod';
import { isFunction, partsSchema, thing } from './parts-schema.ts';

/** What an audit cannot do without. */
const needed = ['base', 'out'] as const;

const isSignal = (value: unknown): boolean => {
  const { granularity, score } = Object(value) as Partial<FeedbackSignal>;
  return (granularity === 'token' || granularity === 'sequence') && isFunction(score);
};

/** Everything that an audit can be told: the options of `audit`, the keys of feedprint.config.ts, and in kebab-case the flags. */
export const auditConfigSchema = z.strictObject({
  base: z
    .string()
    .min(1)
    .describe('Base model: a checkpoint folder, an .onnx file or org/name[@revision] of the hub.'),
  tuned: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The model tuned from it. Default with an adapter: the base.'),
  adapter: z
    .string()
    .min(1)
    .exactOptional()
    .describe('LoRA adapter to merge into the tuned model.'),
  siblings: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .describe(
      'Other tunings of the base on the same feedback (other seeds, a clean twin), for how far runs lie apart.',
    ),
  texts: z
    .string()
    .min(1)
    .exactOptional()
    .describe('File of texts. Default: the replies of the pairs or ratings.'),
  pairs: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'File of preference pairs, or org/name[@revision] of a data set on the hub, to be audited too.',
    ),
  ratings: z
    .string()
    .min(1)
    .exactOptional()
    .describe('File of replies that were rated one by one, to be audited instead of pairs.'),
  map: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'Which of its columns hold what: `chosen=COLUMN,rejected=COLUMN[,prompt=COLUMN][,label=COLUMN]`.',
    ),
  feedback: z
    .union([
      z.string().min(1),
      thing<Exclude<GivenFeedback, string>>(isSignal, 'a signal on tokens or on replies'),
    ])
    .exactOptional()
    .describe(
      `What the tuner rewarded: ${feedbackGrammar}; or a signal on tokens or on replies. Default with pairs or ratings: nothing is known but these.`,
    ),
  rubric: z
    .string()
    .min(1)
    .exactOptional()
    .describe('What a judge grades by: a text, or a file of one.'),
  judgeModel: z.string().min(1).exactOptional().describe('Chat model that judges.'),
  judgeUrl: z.string().exactOptional().describe('Base URL of its OpenAI-compatible server.'),
  told: z
    .union([z.string().min(1), toldSchema])
    .exactOptional()
    .describe(
      'What the tuner asked for of properties of replies: {"exclamation": "+", "length": "0", "hedges": "-"}, or a JSON file of it.',
    ),
  prediction: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'Folder of a prediction made from base and pairs before tuning, to be held against what was learned.',
    ),
  question: z
    .string()
    .min(1)
    .exactOptional()
    .describe('What features are classified by. Default: whether they respond to the feedback.'),
  out: z.string().min(1).describe('Folder of the run; an interrupted one continues.'),
  overwrite: z
    .boolean()
    .exactOptional()
    .describe('Replace what a run with other settings left in `out`. Default: refuse.'),
  quick: z
    .boolean()
    .exactOptional()
    .describe(
      'Stop after the first findings; without it, the same audit continues in `out`. Default: no.',
    ),
  ...auditSettingsSchema.shape,
  saeTokens: z
    .int()
    .positive()
    .exactOptional()
    .describe("Activations that each SAE sees in training. Default: the preset's 200,000."),
  differenceFeatures: z
    .int()
    .nonnegative()
    .exactOptional()
    .describe(
      'Features of what the replies of pairs differ in to the base, judged as properties; 0 turns this off. Default: 32.',
    ),
  describeModels: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'Two chat models, `ONE,OTHER`: the first says in words what preferred replies have more or less of, and what both see alike in other replies is judged as a property.',
    ),
  describeUrl: z.string().exactOptional().describe('Base URL of their OpenAI-compatible server.'),
  labeler: z
    .enum(labelers)
    .exactOptional()
    .describe(
      'Who explains features: `offline`, the default, or a chat model of an `openai` server.',
    ),
  labelerModel: z
    .string()
    .exactOptional()
    .describe('Model of the openai labeler. Default: gpt-4o.'),
  labelerUrl: z.string().exactOptional().describe('Base URL of an OpenAI-compatible server.'),
  apiKey: z
    .string()
    .exactOptional()
    .describe('Its key. Default: the environment variable OPENAI_API_KEY.'),
  price: z
    .strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() })
    .exactOptional()
    .describe('Dollars per million tokens of its prompts and answers. Default: as published.'),
  budget: z
    .number()
    .positive()
    .exactOptional()
    .describe('Dollars that the openai labeler may not pass. Default: no limit.'),
  threads: z
    .int()
    .positive()
    .exactOptional()
    .describe('Threads inside one operator. Default: one per core.'),
  device: z
    .enum(devices)
    .exactOptional()
    .describe('Where models run and SAEs train. Default: cpu.'),
  revision: z
    .string()
    .min(1)
    .exactOptional()
    .describe('Branch, tag or commit of models on the hub.'),
  offline: z
    .boolean()
    .exactOptional()
    .describe('Take hub models from the local cache only. Default: no.'),
  command: z
    .string()
    .exactOptional()
    .describe('The command that starts the audit, for its report.'),
  parts: partsSchema.exactOptional().describe('What takes the place of default parts, by name.'),
  fetch: thing<typeof fetch>(isFunction, 'a function')
    .exactOptional()
    .describe(
      'Reaches the hub and chat servers. Default: through the proxies that the environment names.',
    ),
  now: thing<() => Date>(isFunction, 'a function').exactOptional().describe('The clock.'),
  signal: z.instanceof(AbortSignal).exactOptional().describe('Stops the run; it can be continued.'),
  onRead: thing<(inputs: AuditInputs) => void>(isFunction, 'a function')
    .exactOptional()
    .describe('Called when the inputs were read, before the first stage.'),
  onFirst: thing<(result: AuditResult) => void>(isFunction, 'a function')
    .exactOptional()
    .describe('Called when the first findings are in the folder.'),
  onEvent: thing<(event: RunEventInput) => void>(isFunction, 'a function')
    .exactOptional()
    .describe('Called with every event of the run.'),
});

/** Options of `audit`. */
export type AuditConfig = z.input<typeof auditConfigSchema>;

/** Options with the defaults of the settings. */
export type ParsedAuditConfig = z.output<typeof auditConfigSchema>;

/** Types the configuration that a feedprint.config.ts exports; flags can add what it leaves out. */
export const defineAudit = (config: Partial<AuditConfig>): Partial<AuditConfig> => config;

/** The options that a part of another name makes idle. */
const idleBeside = {
  labeler: ['labeler', 'labelerModel', 'labelerUrl', 'price', 'budget', 'apiKey'],
  trainer: ['saeTokens'],
  loadModel: ['adapter', 'device', 'revision', 'offline'],
} as const;

/**
 * Checks options, those that are `undefined` left out. Throws `config-invalid`, naming the key, for what is missing, unknown or wrong,
 * and for options that a replaced part would ignore.
 */
export function parseAuditConfig(given: Partial<AuditConfig>): ParsedAuditConfig {
  const config = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<AuditConfig>;
  const missing = [
    ...needed.filter((key) => !(key in config)).map(flagOf),
    ...('feedback' in config || 'pairs' in config || 'ratings' in config
      ? []
      : ['--feedback, --pairs or --ratings']),
  ];
  if (missing.length > 0) {
    throw invalid(
      `an audit needs ${missing.join(' and ')}`,
      'pass flags, options in code, or keys of feedprint.config.ts',
    );
  }
  const parsed = auditConfigSchema.safeParse(config);
  if (!parsed.success) {
    const problems = z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ');
    throw invalid(
      `the audit's options are wrong: ${problems}`,
      'correct them, as options in code, as flags (--base, --sae-tokens) or in feedprint.config.ts',
    );
  }
  for (const [name, options] of Object.entries(idleBeside)) {
    const idle = options.filter((key) => config.parts && name in config.parts && key in config);
    if (idle.length === 0) continue;
    throw invalid(
      `parts.${name} would ignore ${idle.join(', ')}`,
      `leave out parts.${name}, or ${idle.join(', ')}`,
    );
  }
  if (config.pairs !== undefined && config.ratings !== undefined) {
    throw invalid(
      'an audit takes either pairs or ratings',
      'leave out --ratings; what was said of the replies of pairs one by one can be their --feedback',
    );
  }
  const ofPairs = (
    ['maxPairs', 'map', 'prediction', 'differenceFeatures', 'describeModels'] as const
  ).find((key) => key in config);
  if (ofPairs && config.pairs === undefined) throw idle(ofPairs, '--pairs');
  const ofReplies = (['chatTemplate', 'freshReplies', 'told'] as const).find(
    (key) => key in config,
  );
  if (ofReplies && config.pairs === undefined && config.ratings === undefined) {
    throw idle(ofReplies, '--pairs or --ratings');
  }
  const ofJudge = (['rubric', 'judgeModel', 'judgeUrl'] as const).find((key) => key in config);
  if (ofJudge && config.feedback !== 'judge') throw idle(ofJudge, '--feedback judge');
  if ('describeUrl' in config && config.describeModels === undefined) {
    throw idle('describeUrl', '--describe-models');
  }
  if (config.siblings !== undefined && config.placeboTokens === 0)
    throw idle('siblings', 'placebo tokens (--placebo-tokens)');
  const asked = (['labelerModel', 'labelerUrl', 'price', 'budget'] as const).find(
    (key) => key in config,
  );
  if (asked && config.labeler !== 'openai') throw idle(asked, '--labeler openai');
  return parsed.data;
}

/** As the command line knows an option. */
const flagOf = (option: string): string =>
  `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Refuses an option that would do nothing. */
export const idle = (option: string, without: string): FeedprintError =>
  invalid(
    `${flagOf(option)} does nothing without ${without}`,
    `add ${without}, or leave ${flagOf(option)} out`,
  );

const invalid = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'config-invalid', message, remedy });
