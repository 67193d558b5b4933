import { costOf } from '@feedprint/labeling';
import type { CostEstimate, LedgerTotals, TokenPrice } from '@feedprint/labeling';
import { counted } from '../texts.ts';

/** Two digits that say something: $0.0012, $3.40. */
const dollars = (money: number): string =>
  `$${money >= 0.1 || money === 0 ? money.toFixed(2) : money.toPrecision(2)}`;

/** What asking would take, in words. */
export function formatEstimate(
  { requests, about, most }: CostEstimate,
  what: string,
  price: TokenPrice | undefined,
): string {
  const asked = `${what}, ${counted(requests, 'request')}`;
  const tokens = `about ${about.input} tokens of prompts and ${about.output} of answers`;
  const money = price
    ? `about ${dollars(costOf(about, price))}, at most ${dollars(costOf(most, price))} (at $${price.input} and $${price.output} per million tokens)`
    : 'what they cost is not known: give --price';
  return `${asked}: ${tokens}; ${money}`;
}

/** What was taken so far, in words. */
export function formatTotals({ input, output, answers, lost, money }: LedgerTotals): string {
  const asked = `${counted(answers, 'new answer')}${lost > 0 ? `, ${lost} lost` : ''}`;
  const tokens = `in all ${input} tokens of prompts and ${output} of answers`;
  return `${asked}; ${tokens}${money === undefined ? '' : `, ${dollars(money)}`}`;
}
