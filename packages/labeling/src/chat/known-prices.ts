import type { TokenPrice } from './ledger.ts';

/** Dollars per million tokens, as published by OpenAI in autumn 2025. */
const prices: Readonly<Record<string, TokenPrice>> = {
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
};

/** What a model of OpenAI costs, by its name with or without a date; undefined for models that are not known. */
export function knownPrice(model: string): TokenPrice | undefined {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(prices, name) ? prices[name] : undefined;
}
