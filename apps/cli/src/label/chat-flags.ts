import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { createLedger, createOpenAIChat, openAnswerFile, openBatchBook } from '@feedprint/labeling';
import type { Ledger, TokenPrice } from '@feedprint/labeling';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { decimal, wholeNumber } from '../options.ts';
import { createFetch } from '../proxy-fetch.ts';
import { budgetHelp, priceHelp, priceOf, tokenPrice, unknownPrice } from './token-price.ts';

/** How a chat model is reached, and what it may cost. */
export interface ChatFlags {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly batchApi?: boolean;
  readonly batchPoll: number;
  readonly concurrency: number;
  readonly requestsPerMinute?: number;
  readonly answerTokens: number;
  readonly price?: TokenPrice;
  readonly budget?: number;
  /** Nobody is asked, so that no key is needed. */
  readonly dryRun?: boolean;
}

/** The flags that `addChatOptions` adds. */
export const chatFlags = [
  '--model',
  '--base-url',
  '--batch-api',
  '--batch-poll',
  '--concurrency',
  '--requests-per-minute',
  '--answer-tokens',
  '--price',
  '--budget',
];

export const addChatOptions = (command: Command): Command =>
  command
    .option('--model <name>', 'chat model; its key is read from OPENAI_API_KEY')
    .option('--base-url <url>', 'base URL of an OpenAI-compatible server')
    .option('--batch-api', 'send requests through the Batch API: half the price, within a day')
    .option('--batch-poll <s>', 'seconds between two looks at a batch', decimal(), 30)
    .option('--concurrency <n>', 'concurrent requests', wholeNumber(1), 8)
    .option('--requests-per-minute <n>', 'requests that may begin in any minute', wholeNumber(1))
    .option('--answer-tokens <n>', 'tokens that one answer may have', wholeNumber(1), 4096)
    .option('--price <in,out>', priceHelp, tokenPrice)
    .option('--budget <dollars>', budgetHelp, decimal());

/** A chat model whose answers and costs are kept in a run's folder. */
export interface PaidChat {
  readonly chat: ChatModel;
  readonly ledger: Ledger;
  readonly price: TokenPrice | undefined;
  /** Another model behind the same server, on the same account. */
  other(model: string): ChatModel;
}

/** The chat model that the flags name. Throws `usage` if none is named or a budget has no price, and what the client throws. */
export function openChat(flags: ChatFlags, folder: string, io: Io): PaidChat {
  const { model, baseUrl, batchApi, budget, answerTokens, requestsPerMinute } = flags;
  const pollMs = 1000 * flags.batchPoll;
  if (model === undefined) throw usage('there is no chat model to ask', 'add --model');
  const full = priceOf({ model, baseUrl, price: flags.price });
  const isHalf = batchApi && flags.price === undefined;
  const price = full && isHalf ? { input: full.input / 2, output: full.output / 2 } : full;
  if (budget !== undefined && price === undefined) throw unknownPrice(model, 'usage');
  const answers = openAnswerFile(join(folder, 'answers.jsonl'));
  const ledger = createLedger({
    before: answers.used(),
    ...(price && { price }),
    ...(budget !== undefined && { budget }),
  });
  const open = (name: string): ChatModel =>
    createOpenAIChat({
      ...{ model: name, answers, ledger, maxTokens: answerTokens, signal: io.signal },
      ...(baseUrl !== undefined && { baseURL: baseUrl }),
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      ...(batchApi && { batch: { pollMs, book: openBatchBook(join(folder, 'batches.jsonl')) } }),
      apiKey: flags.dryRun ? 'none' : (io.env.OPENAI_API_KEY ?? ''),
      fetch: createFetch(io.env),
    });
  return { chat: open(model), ledger, price, other: open };
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
