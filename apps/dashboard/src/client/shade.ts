import { visible } from './format.ts';

/** Steps of shading. */
const STEPS = 8;
/** Classes by step, made once: lists shade thousands of tokens. */
const classesOf = (way: string): readonly string[] =>
  Array.from({ length: STEPS + 1 }, (_, step) => (step === 0 ? 'h0' : `${way} h${step}`));
const up = classesOf('up');
const down = classesOf('down');

/** The class that shades a token. */
export function shade(value: number | null, most: number): string {
  if (value === null || most <= 0) return 'h0';
  const step = Math.min(STEPS, Math.round((STEPS * Math.abs(value)) / most));
  return (value > 0 ? up : down)[step] ?? 'h0';
}

/** A token in one line. */
export const tokenText = (token: string): string => visible(token).replaceAll('\n', '↵');
