import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parsePairColumns } from '@feedprint/feedback';
import {
  auditSettingsSchema,
  createLabeler,
  defaultParts,
  readPrediction,
  readTold,
  runAudit,
} from '@feedprint/recipes';
import type {
  AuditResult,
  AuditRunOptions,
  AuditSettingsInput,
  ChosenFeedback,
} from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { priceOf, unknownPrice } from '../label/token-price.ts';
import { tunedName } from '../model-options.ts';
import { createFetch, createLateFetch } from '../proxy-fetch.ts';
import { version } from '../version.ts';
import { idle, parseAuditConfig } from './audit-config.ts';
import type { AuditConfig, ParsedAuditConfig } from './audit-config.ts';
import { openDescribers } from './open-describers.ts';
import { openFeedback } from './open-feedback.ts';
import { pick } from './pick.ts';

/**
 * Audits what a tuned model learned from its feedback, with default parts but for those that `parts` names, and gives the report as
 * data and the path of its page; with `quick`, that of the first findings. What `feedprint audit` runs. Throws `config-invalid` for
 * options that are wrong, and what `runAudit` throws.
 */
export const audit = (options: AuditConfig): Promise<AuditResult> =>
  withAuditOptions(
    {
      ...options,
      ...(options.pairs !== undefined && {
        differenceFeatures: options.differenceFeatures ?? DIFFERENCE_FEATURES,
      }),
    },
    runAudit,
  );

/** Features of what replies differ in, by default: as many as WIMHF has. */
const DIFFERENCE_FEATURES = 32;

/** Opens what audits with such options need, for `work`, and lets go of it afterwards. Throws `config-invalid` for options that are wrong. */
export async function withAuditOptions<T>(
  options: AuditConfig,
  work: (opened: AuditRunOptions) => Promise<T>,
): Promise<T> {
  const config = parseAuditConfig(options);
  const fetch = config.fetch ?? fetchFor(config, process.env);
  const told = config.told === undefined ? undefined : await readTold(config.told);
  const prediction =
    config.prediction === undefined ? undefined : await readPrediction(config.prediction);
  const feedback = await openFeedback({ ...config, fetch });
  try {
    return await work(runOptions(options, { ...config, fetch }, { feedback, told, prediction }));
  } finally {
    await feedback?.dispose();
  }
}

interface Told {
  readonly feedback: ChosenFeedback | undefined;
  readonly told: AuditRunOptions['told'] | undefined;
  readonly prediction: AuditRunOptions['prediction'] | undefined;
}

function runOptions(
  options: AuditConfig,
  config: ParsedAuditConfig,
  { feedback, told, prediction }: Told,
): AuditRunOptions {
  const { parts, preset, threads = availableParallelism(), device = 'cpu' } = config;
  const { words, replies } = feedback ?? {};
  assertUsed(config, feedback);
  const question = config.question ?? words?.question;
  const given = pick(config, ['adapter', 'revision', 'offline', 'saeTokens', 'parts', 'fetch']);
  const described = openDescribers(config);
  return {
    ...pick(config, ['base', 'siblings', 'texts', 'pairs', 'ratings', 'out', 'overwrite']),
    ...pick(config, ['command', 'quick', 'now', 'signal', 'onRead', 'onFirst', 'onEvent']),
    ...(config.map !== undefined && { map: parsePairColumns(config.map) }),
    ...(told && { told }),
    ...(prediction && { prediction }),
    tuned: tunedName(config),
    loading: pick(config, ['adapter', 'revision']),
    parts: defaultParts({
      ...given,
      ...{ preset, threads, device },
      ...pick(config, ['differenceFeatures']),
      ...(described && { described }),
      ...(replies && { replySignal: replies }),
      ...(words && {
        signal: words.signal,
        labeler: parts?.labeler ?? labelerOf(config, words.signal),
      }),
    }),
    settings: settingsOf(options),
    ...(question !== undefined && { question }),
    version,
    environment: { threads, node: process.version, device },
  };
}

/** Refuses options that this feedback leaves without a use. */
function assertUsed(config: ParsedAuditConfig, feedback: ChosenFeedback | undefined): void {
  const ofWords = (['labeler', 'question', 'siblings'] as const).find((key) => key in config);
  if (ofWords && !feedback?.words) throw idle(ofWords, 'feedback on words (--feedback vader)');
  if (feedback?.replies && config.pairs === undefined) {
    throw idle('feedback', 'pairs of replies (--pairs)');
  }
}

/** The `fetch` for an audit: one that asks a chat model finds a proxy that is none before the run begins. */
export const fetchFor = (
  config: Pick<Partial<AuditConfig>, 'labeler' | 'feedback' | 'describeModels'>,
  env: Io['env'],
): typeof globalThis.fetch => (asksChat(config) ? createFetch : createLateFetch)(env);

/** Whether an audit asks a chat model on a server. */
export const asksChat = ({
  labeler,
  feedback,
  describeModels,
}: Pick<Partial<AuditConfig>, 'labeler' | 'feedback' | 'describeModels'>): boolean =>
  labeler === 'openai' || feedback === 'judge' || describeModels !== undefined;

const labelerOf = (
  config: ParsedAuditConfig,
  feedback: Parameters<typeof createLabeler>[1],
): ReturnType<typeof createLabeler> => {
  const { labeler = 'offline', labelerModel = 'gpt-4o', labelerUrl: baseUrl, budget } = config;
  const price = priceOf({ model: labelerModel, baseUrl, price: config.price });
  if (budget !== undefined && price === undefined) {
    throw unknownPrice(labelerModel, 'config-invalid');
  }
  return createLabeler(
    {
      ...{ labeler, labelerModel },
      answers: join(config.out, 'answers.jsonl'),
      ...(budget !== undefined && price && { limit: { budget, price } }),
      ...pick(config, ['labelerUrl', 'apiKey', 'fetch']),
    },
    feedback,
  );
};

/** What was asked for, without what is filled in: a default gives way to the model, and a request does not. */
const settingsOf = (options: AuditConfig): AuditSettingsInput =>
  pick(options, Object.keys(auditSettingsSchema.shape) as (keyof AuditSettingsInput)[]);
