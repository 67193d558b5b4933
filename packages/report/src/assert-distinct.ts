import { FeedprintError } from '@feedprint/core';

/** Throws `config-invalid` where a name is taken twice. */
export function assertDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the ${what} "${twice}" is taken twice in one report`,
    remedy: 'give one of the chapters another name for it, or leave one out',
  });
}
