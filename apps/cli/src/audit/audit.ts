import { availableParallelism } from 'node:os';
import { parsePairColumns } from '@feedprint/feedback';
import {
  auditSettingsSchema,
  chooseFeedback,
  createLabeler,
  defaultParts,
  runAudit,
} from '@feedprint/recipes';
import type { AuditResult, AuditSettingsInput } from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { tunedName } from '../model-options.ts';
import { createFetch, createLateFetch } from '../proxy-fetch.ts';
import { version } from '../version.ts';
import { parseAuditConfig } from './audit-config.ts';
import type { AuditConfig, ParsedAuditConfig } from './audit-config.ts';

/**
 * Audits what a tuned model learned from its feedback, with default parts but for those that `parts` names, and gives the report as
 * data and the path of its page; with `quick`, that of the first findings. What `feedprint audit` runs. Throws `config-invalid` for
 * options that are wrong, and what `runAudit` throws.
 */
export async function audit(options: AuditConfig): Promise<AuditResult> {
  const config = parseAuditConfig(options);
  const { parts, preset, threads = availableParallelism(), device = 'cpu' } = config;
  const feedback =
    config.feedback === undefined ? undefined : await chooseFeedback(config.feedback);
  const question = config.question ?? feedback?.question;
  const fetch = config.fetch ?? fetchFor(config, process.env);
  const given = pick(config, ['adapter', 'revision', 'offline', 'saeTokens', 'parts']);
  return runAudit({
    ...pick(config, ['base', 'siblings', 'texts', 'pairs', 'out', 'overwrite', 'command']),
    ...pick(config, ['quick', 'now', 'signal', 'onRead', 'onFirst', 'onEvent']),
    ...(config.map !== undefined && { map: parsePairColumns(config.map) }),
    tuned: tunedName(config),
    parts: defaultParts({
      ...given,
      ...{ preset, threads, device, fetch },
      ...(feedback && {
        signal: feedback.signal,
        labeler: parts?.labeler ?? labelerOf({ ...config, fetch }, feedback.signal),
      }),
    }),
    settings: settingsOf(options),
    ...(question !== undefined && { question }),
    version,
    environment: { threads, node: process.version, device },
  });
}

/** The `fetch` for an audit: one that asks a chat model finds a proxy that is none before the run begins. */
export const fetchFor = (
  { labeler }: Pick<Partial<AuditConfig>, 'labeler'>,
  env: Io['env'],
): typeof globalThis.fetch => (labeler === 'openai' ? createFetch : createLateFetch)(env);

const labelerOf = (
  config: ParsedAuditConfig,
  feedback: Parameters<typeof createLabeler>[1],
): ReturnType<typeof createLabeler> => {
  const { labeler = 'offline', labelerModel = 'gpt-4o' } = config;
  return createLabeler(
    {
      ...{ labeler, labelerModel },
      ...pick(config, ['labelerUrl', 'apiKey', 'fetch']),
    },
    feedback,
  );
};

/** What was asked for, without what is filled in: a default gives way to the model, and a request does not. */
const settingsOf = (options: AuditConfig): AuditSettingsInput =>
  pick(options, Object.keys(auditSettingsSchema.shape) as (keyof AuditSettingsInput)[]);

/** These entries of an object, those that it has. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.flatMap((key) => (key in from ? [[key, from[key]]] : []))) as Pick<
    T,
    K
  >;
}
