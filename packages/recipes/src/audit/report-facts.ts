import type { LanguageModel } from '@feedprint/core';
import { stageSeconds } from '@feedprint/pipeline';
import type { RunFacts } from '@feedprint/report';
import type { AuditOptions, OpenAudit } from './open-audit.ts';

/** What a report says about its run, whatever was found. */
export async function reportFacts(
  { context, run, settings }: OpenAudit,
  { version, command, now = () => new Date() }: AuditOptions,
): Promise<RunFacts> {
  const { models, parts, rows, texts, occurrences } = context;
  const { tuned, base } = models;
  const seconds = await stageSeconds(run.store);
  return {
    schema: 'feedprint-report/1',
    feedprint: version,
    name: run.name,
    createdAt: now().toISOString(),
    seconds: [...seconds.values()].reduce((sum, one) => sum + one, 0),
    ...(command !== undefined && { command }),
    models: {
      base: base.name,
      tuned: tuned.name,
      architecture: tuned.info.architecture,
      layers: tuned.info.layers,
      width: tuned.info.width,
      parameters: countParameters(tuned),
      baseFingerprint: base.fingerprint,
      tunedFingerprint: tuned.fingerprint,
    },
    ...(parts.signal && {
      feedback: { name: parts.signal.name, range: [...parts.signal.range] },
    }),
    ...(parts.replySignal && { rewarded: parts.replySignal.name }),
    texts: {
      file: texts.file,
      count: rows.length,
      tokens: rows.reduce((sum, { length }) => sum + length, 0),
      truncated: texts.truncated,
      scoredTokens: occurrences.reduce((sum, count) => sum + count, 0),
      unscoredWords: texts.unscoredWords,
    },
    settings: { ...settings },
  };
}

function countParameters(model: LanguageModel): number {
  let count = 0;
  for (const { shape, sameAs } of model.parameters()) {
    if (sameAs === undefined) count += shape.reduce((a, b) => a * b, 1);
  }
  return count;
}
