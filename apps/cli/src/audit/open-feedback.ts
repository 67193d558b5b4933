import { loadModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { createOpenAIChat } from '@feedprint/labeling';
import { chooseFeedback } from '@feedprint/recipes';
import type { ChosenFeedback } from '@feedprint/recipes';
import type { ParsedAuditConfig } from './audit-config.ts';
import { pick } from './pick.ts';

/** What `feedback` names, opened; undefined where it is left out. */
export async function openFeedback(config: ParsedAuditConfig): Promise<ChosenFeedback | undefined> {
  if (config.feedback === undefined) return undefined;
  const { device = 'cpu', revision, offline, threads, fetch } = config;
  return chooseFeedback(config.feedback, {
    ...pick(config, ['rubric']),
    openJudge: () => openJudge(config),
    openModel: (name) =>
      loadModel(name, {
        device,
        ...(threads !== undefined && { threads }),
        hub: {
          ...(fetch && { fetch }),
          ...(revision !== undefined && { revision }),
          ...(offline && { offline }),
        },
      }),
  });
}

function openJudge({ judgeModel, judgeUrl, apiKey, fetch }: ParsedAuditConfig): ChatModel {
  if (judgeModel === undefined) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: 'there is no chat model to judge replies',
      remedy: 'name one (--judge-model)',
    });
  }
  return createOpenAIChat({
    model: judgeModel,
    ...(judgeUrl !== undefined && { baseURL: judgeUrl }),
    ...(apiKey !== undefined && { apiKey }),
    ...(fetch && { fetch }),
  });
}
