import { FeedprintError } from '@feedprint/core';
import type { Prediction } from './schema.ts';

interface Audited {
  readonly base: { readonly fingerprint: string };
  readonly pairs: { readonly sha256: string };
}

/** Throws `models-mismatched` for a prediction that was made from another base or from other pairs than are audited. */
export function checkPrediction({ base, pairs }: Prediction, audited: Audited): void {
  const other =
    base.fingerprint !== audited.base.fingerprint
      ? `the base ${base.name}`
      : pairs.sha256 !== audited.pairs.sha256
        ? `the pairs ${pairs.file}`
        : undefined;
  if (other === undefined) return;
  throw new FeedprintError({
    code: 'models-mismatched',
    message: `the prediction was made from ${other}, which this audit does not have`,
    remedy: 'name a prediction of the same base and pairs (--prediction)',
  });
}
