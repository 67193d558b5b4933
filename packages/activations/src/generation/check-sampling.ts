import { FeedprintError } from '@feedprint/core';
import type { ModelInfo, Sampling, TokenRows } from '@feedprint/core';

/** Throws `usage` for settings outside their ranges, naming the setting and its value. */
export function checkSampling({
  maxNewTokens,
  temperature = 1,
  topK,
  topP = 1,
  minP = 0,
  stop = [],
}: Omit<Sampling, 'seed'>): void {
  check(
    Number.isInteger(maxNewTokens) && maxNewTokens >= 0,
    `maxNewTokens is ${maxNewTokens}`,
    'pass a whole number of at least 0',
  );
  check(
    Number.isFinite(temperature) && temperature >= 0,
    `the temperature is ${temperature}`,
    'pass a number of at least 0; 0 takes the most probable token',
  );
  check(
    topK === undefined || (Number.isInteger(topK) && topK >= 1),
    `topK is ${topK}`,
    'pass a whole number of at least 1, or leave it out',
  );
  check(topP > 0 && topP <= 1, `topP is ${topP}`, 'pass a number above 0 and at most 1');
  check(minP >= 0 && minP <= 1, `minP is ${minP}`, 'pass a number from 0 to 1');
  check(!stop.includes(''), 'a stop string is empty', 'leave it out');
}

/** Throws `usage` for a classifier, `shape-mismatch` for prompts that the model cannot read. */
export function checkPrompts(info: ModelInfo, prompts: TokenRows): void {
  check(
    info.labels === undefined,
    `this ${info.architecture} gives ${info.labels?.length} scores per text instead of next tokens`,
    'generate with a language model',
  );
  prompts.forEach((prompt, i) => {
    const fits = prompt.length > 0 && prompt.length <= info.contextLength;
    if (fits) return;
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `prompt ${i} has ${prompt.length} tokens, for a context of ${info.contextLength}`,
      remedy: 'pass at least one token and no more than the context',
    });
  });
}

function check(holds: boolean, message: string, remedy: string): void {
  if (!holds) throw new FeedprintError({ code: 'usage', message, remedy });
}
