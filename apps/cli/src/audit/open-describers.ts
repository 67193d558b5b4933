import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { createOpenAIChat, openAnswerFile } from '@feedprint/labeling';
import type { DescribedFinderOptions } from '@feedprint/recipes';
import type { ParsedAuditConfig } from './audit-config.ts';

/**
 * The chat models that `describeModels` names; undefined where it is left out. Their answers are kept in the run's folder. Throws
 * `config-invalid` for anything but two different names.
 */
export function openDescribers({
  describeModels,
  describeUrl,
  apiKey,
  fetch,
  out,
}: ParsedAuditConfig): DescribedFinderOptions | undefined {
  if (describeModels === undefined) return undefined;
  const names = describeModels.split(',').map((name) => name.trim());
  const [describer, judge] = names;
  if (!describer || !judge || names.length > 2 || describer === judge) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `two chat models that describe replies apart from each other are called ${JSON.stringify(describeModels)}`,
      remedy: 'name two different ones, joined by a comma (--describe-models gpt-4.1-mini,gpt-4o)',
    });
  }
  const answers = openAnswerFile(join(out, 'descriptions.jsonl'));
  const open = (model: string): ChatModel =>
    createOpenAIChat({
      ...{ model, answers },
      ...(describeUrl !== undefined && { baseURL: describeUrl }),
      ...(apiKey !== undefined && { apiKey }),
      ...(fetch && { fetch }),
    });
  return { describer: open(describer), judge: open(judge) };
}
