import { visible } from './format.ts';

/** Steps of shading. */
const STEPS = 8;

/** The class that shades a token. */
export function shade(value: number | null, most: number): string {
  if (value === null || most <= 0) return 'h0';
  const step = Math.min(STEPS, Math.round((STEPS * Math.abs(value)) / most));
  return step === 0 ? 'h0' : `${value > 0 ? 'up' : 'down'} h${step}`;
}

/** A token in one line. */
export const tokenText = (token: string): string => visible(token).replaceAll('\n', '↵');
