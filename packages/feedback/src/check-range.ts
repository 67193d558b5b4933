import { FeedprintError } from '@feedprint/core';

/** The range of a signal's scores, ascending, and finite if required. Throws `config-invalid` for any other. */
export function checkRange(
  name: string,
  [low, high]: readonly [number, number],
  { finite = false }: { readonly finite?: boolean } = {},
): readonly [number, number] {
  if (low < high && (!finite || (Number.isFinite(low) && Number.isFinite(high))))
    return [low, high];
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the range of the feedback ${name} is [${low}, ${high}]`,
    remedy: `pass two ${finite ? 'finite ' : ''}numbers, the smaller first`,
  });
}
