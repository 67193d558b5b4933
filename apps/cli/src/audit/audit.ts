import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  auditSettingsSchema,
  chooseFeedback,
  createLabeler,
  defaultParts,
  runAudit,
} from '@feedprint/recipes';
import type { AuditResult, AuditSettingsInput, FirstReport } from '@feedprint/recipes';
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
export function audit(options: AuditConfig & { readonly quick?: false }): Promise<AuditResult>;
export function audit(options: AuditConfig): Promise<AuditResult<FirstReport>>;
export async function audit(options: AuditConfig): Promise<AuditResult<FirstReport>> {
  const config = parseAuditConfig(options);
  const { parts, preset, threads = availableParallelism(), device = 'cpu' } = config;
  const { signal: feedback, question } = await chooseFeedback(config.feedback);
  const fetch = config.fetch ?? fetchFor(config, process.env);
  const given = pick(config, ['adapter', 'revision', 'offline', 'saeTokens', 'parts']);
  return runAudit({
    ...pick(config, ['base', 'texts', 'pairs', 'out', 'overwrite', 'command']),
    ...pick(config, ['quick', 'now', 'signal', 'onRead', 'onFirst', 'onEvent']),
    tuned: tunedName(config),
    parts: defaultParts({
      ...given,
      ...{ preset, threads, device, signal: feedback },
      fetch,
      labeler: parts?.labeler ?? labelerOf({ ...config, fetch }, feedback),
    }),
    settings: settingsOf(options),
    question: config.question ?? question,
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
      answers: join(config.out, 'answers.jsonl'),
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
