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

/** Parses one of a few words, for commander. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T => {
    const found = words.find((word) => word === text);
    if (found) return found;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
  };
