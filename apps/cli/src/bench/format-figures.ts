import type { Rate } from '@feedprint/probe';
import { percent } from '../tables.ts';

/** Three decimals, or a dash. */
export const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : value.toFixed(3);

/** A share with its interval and counts. */
export const rate = ({ events, trials, value, interval }: Rate): string =>
  value === null || interval === null
    ? '-'
    : `${percent(value)} [${percent(interval.low)}, ${percent(interval.high)}] (${events} of ${trials})`;
