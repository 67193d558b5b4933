import { FeedprintError } from '@feedprint/core';
import type { TokenUsage } from './answer-store.ts';

/** Dollars per million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

export interface LedgerOptions {
  /** Without it, tokens are counted, but no money. */
  readonly price?: TokenPrice;
  /** Dollars that must not be passed; needs `price`. */
  readonly budget?: number;
  /** What was used before, by earlier starts of the same run. */
  readonly before?: TokenUsage;
}

export interface LedgerTotals extends TokenUsage {
  /** Answers that were paid for, in this process. */
  readonly answers: number;
  /** Requests whose fate is unknown, such as those of connections that were cut; they are taken to have been paid for in full. */
  readonly lost: number;
  /** In dollars, with what was used before; undefined without a price. */
  readonly money: number | undefined;
}

/** Counts tokens and money, and keeps requests from passing a budget. */
export interface Ledger {
  /**
   * Puts aside what a request may take at most, and returns what settles it: with what it took, `lost` if that is not
   * known, `none` if the server refused it. Waits while requests under way hold what it needs. Throws `budget-reached`
   * if it could pass the budget.
   */
  reserve(most: TokenUsage): Promise<(took: TokenUsage | 'lost' | 'none') => void>;
  totals(): LedgerTotals;
}

export function createLedger({ price, budget, before }: LedgerOptions = {}): Ledger {
  if (budget !== undefined && price === undefined) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: 'there is a budget, but no price of tokens to compare it with',
      remedy: 'give the price per million tokens, or leave the budget out',
    });
  }
  const used = { input: before?.input ?? 0, output: before?.output ?? 0 };
  const reserved = { input: 0, output: 0 };
  let [answers, lost, underWay] = [0, 0, 0];
  const waiting: (() => void)[] = [];

  const add = (to: { input: number; output: number }, more: TokenUsage, sign = 1): void => {
    to.input += sign * more.input;
    to.output += sign * more.output;
  };
  const passes = (most: TokenUsage): boolean =>
    budget !== undefined &&
    costOf(used, price) + costOf(reserved, price) + costOf(most, price) > budget;

  return {
    reserve: async (most) => {
      while (passes(most)) {
        if (underWay === 0) throw budgetReached(budget ?? 0, costOf(used, price));
        await new Promise<void>((resume) => waiting.push(resume));
      }
      add(reserved, most);
      underWay++;
      return (took) => {
        add(reserved, most, -1);
        underWay--;
        if (took !== 'none') add(used, took === 'lost' ? most : took);
        if (took === 'lost') lost++;
        else if (took !== 'none') answers++;
        for (const resume of waiting.splice(0)) resume();
      };
    },
    totals: () => ({ ...used, answers, lost, money: price && costOf(used, price) }),
  };
}

/** Dollars. */
export const costOf = ({ input, output }: TokenUsage, price?: TokenPrice): number =>
  (input * (price?.input ?? 0) + output * (price?.output ?? 0)) / 1e6;

const budgetReached = (budget: number, spent: number): FeedprintError =>
  new FeedprintError({
    code: 'budget-reached',
    message: `the next request could pass the budget of $${budget}: $${spent.toFixed(4)} are spent`,
    remedy: 'raise the budget and run the same command again; what was paid for is kept',
  });
