import { FeedprintError } from '@feedprint/core';

/** Throws `config-invalid` where two chapters of a report claim the same name. */
export function assertDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the report has two of the ${what} "${twice}"`,
    remedy: 'give one of the chapters another name for it, or leave one out',
  });
}
