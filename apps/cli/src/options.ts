import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** Parses a whole number from `least` to `most`, for commander. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const limit = most < Number.MAX_SAFE_INTEGER ? ` and at most ${most}` : '';
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}${limit}.`);
  };

/** Parses a decimal number above 0, or from 0 with `zero`, and at most `most`; for commander. */
export const decimal =
  ({ zero = false, most = Infinity }: { readonly zero?: boolean; readonly most?: number } = {}) =>
  (text: string): number => {
    const value = Number(text);
    const isNumber = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(value);
    if (isNumber && (zero ? value >= 0 : value > 0) && value <= most) return value;
    const limit = most < Infinity ? ` and at most ${most}` : '';
    throw new InvalidArgumentError(
      `It must be a number ${zero ? 'of at least 0' : 'above 0'}${limit}.`,
    );
  };

/** Parses a number of either sign, for commander. */
export function signedNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

/** Parses one of a few words, for commander. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T => {
    const found = words.find((word) => word === text);
    if (found) return found;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
  };

/** Parses a list with commas; a flag given again adds to it, and what is there twice counts once. For commander. */
export const listOf =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[] | undefined): T[] => [
    ...new Set([...(before ?? []), ...text.split(',').map((part) => parse(part.trim()))]),
  ];

/** Parses `name=value`, the value as JSON or else as text, and adds it to those before; for commander. */
export function assignment(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [, name, value] = /^(\w+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It must be name=value.');
  }
  return { ...before, [name]: parsed(value) };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Parses two numbers with a comma, the smaller first; for commander. */
export function numberRange(text: string): [number, number] {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [low = NaN, high = NaN] = parts;
  if (parts.length === 2 && low < high && parts.every(Number.isFinite)) return [low, high];
  throw new InvalidArgumentError(
    'It must be two numbers separated by a comma, the smaller first: 1,5.',
  );
}

/** What `--sae` takes. */
export const saeHelp = 'SAE: a folder or a weights file of any known format';

/** Help of `--seed` where it seeds more than one thing. */
export const seedHelp = 'seed for every random choice';

/** Help of `--layers`. */
export const layersHelp = (usual: number): string =>
  `number of most diverged layers to look into (default: ${usual})`;

/** Help of `--repeat`. */
export const repeatHelp = 'times to repeat the measurement; the median counts';

/** Help of `--temperature`. */
export const temperatureHelp = '0 always takes the most probable token';

/** Adds --threads. */
export const addThreadsOption = (command: Command): Command =>
  command.option(
    '--threads <n>',
    'threads for each operator',
    wholeNumber(1),
    availableParallelism(),
  );
