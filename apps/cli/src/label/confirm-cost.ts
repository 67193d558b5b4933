import { FeedprintError } from '@feedprint/core';
import type { CostEstimate, TokenPrice } from '@feedprint/labeling';
import type { Io } from '../io.ts';
import { formatEstimate } from './format-cost.ts';

/** Flags of commands that say what asking costs before they ask. */
export interface CostFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Says what asking would cost, and whether to go on: not on a dry run. Throws `usage` where it costs money and nobody has
 * agreed.
 */
export function confirmCost(
  { dryRun, yes, json }: CostFlags,
  cost: {
    readonly estimate: CostEstimate;
    /** How many things are asked about, such as `12 features`, and the key of that number in JSON. */
    readonly what: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly price: TokenPrice | undefined;
  },
  io: Io,
): boolean {
  const { estimate, what, counts, price } = cost;
  const said = formatEstimate(estimate, what, price);
  const isFree = price?.input === 0 && price.output === 0;
  if (dryRun) io.out(json ? `${JSON.stringify({ ...counts, ...estimate })}\n` : `${said}\n`);
  else if (!yes && !isFree) {
    throw new FeedprintError({
      code: 'usage',
      message: `asking costs money: ${said}`,
      remedy: 'add --yes to go on, and --budget to limit it',
    });
  } else io.err(`${said}\n`);
  return !dryRun;
}
