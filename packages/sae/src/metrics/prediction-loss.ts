import type { Matrix, TokenRows } from '@feedprint/core';

/** Sums over the predicted tokens, in nats. */
export interface PredictionLoss {
  tokens: number;
  /** Cross-entropy of the clean and of the changed model. */
  clean: number;
  changed: number;
  /** KL(clean || changed). */
  kl: number;
}

/**
 * Adds the losses of one batch, from both models' logits `[positions, vocabulary]`. Nothing predicts a text's first token,
 * and what its last token's logits predict is unknown: both are left out. All sums are f64.
 */
export function addPredictionLoss(
  loss: PredictionLoss,
  texts: TokenRows,
  clean: Matrix,
  changed: Matrix,
): void {
  let at = 0;
  for (const text of texts) {
    for (let i = 0; i + 1 < text.length; i++) {
      addPosition(loss, clean, changed, (at + i) * clean.columns, text[i + 1] as number);
    }
    at += text.length;
  }
}

function addPosition(
  loss: PredictionLoss,
  { data: a, columns }: Matrix,
  { data: b }: Matrix,
  start: number,
  next: number,
): void {
  let [mostA, mostB] = [-Infinity, -Infinity];
  for (let i = start; i < start + columns; i++) {
    mostA = Math.max(mostA, a[i] as number);
    mostB = Math.max(mostB, b[i] as number);
  }
  let [sumA, sumB, cross] = [0, 0, 0];
  for (let i = start; i < start + columns; i++) {
    const x = (a[i] as number) - mostA;
    const y = (b[i] as number) - mostB;
    const p = Math.exp(x);
    sumA += p;
    sumB += Math.exp(y);
    // A logit of minus infinity: 0 log 0 = 0.
    if (p > 0) cross += p * (x - y);
  }
  loss.tokens++;
  loss.clean += Math.log(sumA) + mostA - (a[start + next] as number);
  loss.changed += Math.log(sumB) + mostB - (b[start + next] as number);
  // Rounding alone can make it negative.
  loss.kl += Math.max(0, cross / sumA - Math.log(sumA) + Math.log(sumB));
}
