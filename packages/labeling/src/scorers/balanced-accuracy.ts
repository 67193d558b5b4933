import type { ExplanationScore } from '@feedprint/core';

/** One held-out window's truth and prediction. */
export interface Detection {
  readonly active: boolean;
  readonly predicted: boolean;
}

/** Mean of sensitivity and specificity; `undefined` unless both classes occur, since otherwise one of the two is undefined. */
export function balancedAccuracy(detections: readonly Detection[]): ExplanationScore | undefined {
  let active = 0;
  let hits = 0;
  let silent = 0;
  let rejections = 0;
  for (const detection of detections) {
    if (detection.active) {
      active++;
      if (detection.predicted) hits++;
    } else {
      silent++;
      if (!detection.predicted) rejections++;
    }
  }
  if (active === 0 || silent === 0) return undefined;
  return {
    balancedAccuracy: (hits / active + rejections / silent) / 2,
    n: detections.length,
  };
}
