import { FeedprintError } from '@feedprint/core';
import { knownPrice } from '@feedprint/labeling';
import type { TokenPrice } from '@feedprint/labeling';
import { InvalidArgumentError } from 'commander';

/** Help of `--price`. */
export const priceHelp =
  'dollars per million tokens of prompts and of answers (default: as OpenAI published; 0 on this machine)';

/** Help of `--budget`. */
export const budgetHelp = 'stop before this much is passed';

/** A chat model, where it is and what is said of its price. */
export interface PricedModel {
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly price?: TokenPrice | undefined;
}

/** What its tokens cost, as far as it is known. */
export function priceOf({ model, baseUrl, price }: PricedModel): TokenPrice | undefined {
  if (price) return price;
  if (baseUrl !== undefined) return isLocal(baseUrl) ? { input: 0, output: 0 } : undefined;
  return knownPrice(model);
}

const isLocal = (url: string): boolean =>
  URL.canParse(url) && /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);

/** Parses two prices with a comma; for commander. */
export function tokenPrice(text: string): TokenPrice {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [input = NaN, output = NaN] = parts;
  if (parts.length === 2 && input >= 0 && output >= 0) return { input, output };
  throw new InvalidArgumentError('It must be two numbers separated by a comma: 0.4,1.6.');
}

/** A budget on a model whose price nobody knows. */
export const unknownPrice = (model: string, code: 'usage' | 'config-invalid'): FeedprintError =>
  new FeedprintError({
    code,
    message: `what ${model} costs is not known`,
    remedy: 'add --price, or leave --budget out',
  });
