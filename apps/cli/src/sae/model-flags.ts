import { FeedprintError } from '@feedprint/core';

/** Throws `usage` for flags of two models that do not fit each other or the kind of SAE. */
export function checkModelFlags({
  base,
  difference = false,
  isCrosscoder,
}: {
  readonly base?: string;
  readonly difference?: boolean;
  readonly isCrosscoder: boolean;
}): void {
  const usage = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'usage', message, remedy });
  if (isCrosscoder && difference) {
    throw usage('a crosscoder reads both models, not their difference', 'leave --difference out');
  }
  const takesTwo = isCrosscoder || difference;
  if (takesTwo === (base !== undefined)) return;
  throw takesTwo
    ? usage(
        `${isCrosscoder ? 'a crosscoder' : '--difference'} needs two models`,
        'give the base model with --base, the one tuned from it with --model',
      )
    : usage(
        '--base is for crosscoders and differences',
        'add --kind crosscoder or --difference, or leave --base out',
      );
}
