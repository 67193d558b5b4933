import { FeedprintError } from '@feedprint/core';
import { InvalidArgumentError } from 'commander';

/** Parses a whole number of at least `least`, for commander. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };

/** Parses one of a few words, for commander. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T => {
    const found = words.find((word) => word === text);
    if (found) return found;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
  };

export function usageError(message: string, remedy: string): FeedprintError {
  return new FeedprintError({ code: 'usage', message, remedy });
}
