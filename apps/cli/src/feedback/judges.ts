import { FeedprintError } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { createOpenAIChat, openAnswerFile } from '@feedprint/labeling';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { createFetch } from '../proxy-fetch.ts';

/** How the chat model that judges or writes is reached. */
export interface JudgeFlags {
  readonly judgeModel?: string;
  readonly judgeUrl?: string;
  readonly judgeCache?: string;
  readonly concurrency: number;
}

/** The flags that `addJudgeOptions` adds. */
export const judgeFlags = ['--judge-model', '--judge-url', '--judge-cache', '--concurrency'];

/** Adds --judge-model, --judge-url, --judge-cache and --concurrency. */
export const addJudgeOptions = (command: Command): Command =>
  command
    .option('--judge-model <name>', 'chat model; its key is read from OPENAI_API_KEY')
    .option('--judge-url <url>', 'base URL of an OpenAI-compatible server')
    .option('--judge-cache <file>', 'file that keeps the answers, so that nothing is asked twice')
    .option('--concurrency <n>', 'concurrent requests to the chat model', wholeNumber(1), 4);

/** The chat model that the flags name. Throws `usage` if none is named, `service-failed` if a key is needed and missing. */
export function openJudge({ judgeModel, judgeUrl, judgeCache }: JudgeFlags, io: Io): ChatModel {
  if (judgeModel === undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: 'there is no chat model to ask',
      remedy: 'add --judge-model',
    });
  }
  return createOpenAIChat({
    model: judgeModel,
    ...(judgeUrl !== undefined && { baseURL: judgeUrl }),
    apiKey: io.env.OPENAI_API_KEY ?? '',
    fetch: createFetch(io.env),
    ...(judgeCache !== undefined && { answers: openAnswerFile(judgeCache) }),
  });
}
