import { matrix, takeRows } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { siteNames } from '../context.ts';
import { roles } from '../model-role.ts';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { known } from '../known.ts';
import type { WordWindow } from './word-windows.ts';

/** Activations and gradients at the position that predicts each window's word, `[windows, width]`. */
export interface AtPrediction extends Readonly<Record<ModelRole, Matrix>> {
  readonly gradient: Matrix | undefined;
}

export interface Passes {
  /** Log-probability of each window's word, nats. */
  readonly logProbs: Readonly<Record<ModelRole, Float64Array>>;
  readonly sites: ReadonlyMap<string, AtPrediction>;
}

/** Runs both models over the windows, and the tuned one backwards as well. */
export async function readAtPrediction(
  context: AuditContext,
  windows: readonly WordWindow[],
  onProgress: (done: number) => void,
): Promise<Passes> {
  const { models } = context;
  const rows = windows.map(({ tokens }) => tokens);
  const capture = siteNames(context);
  const sites = new Map(
    context.sites.map(({ site, width }) => [
      site,
      {
        base: matrix(rows.length, width),
        tuned: matrix(rows.length, width),
        gradient: models.tuned.gradients && matrix(rows.length, width),
      },
    ]),
  );
  const logProbs = {
    base: new Float64Array(rows.length),
    tuned: new Float64Array(rows.length),
  };
  for (const { start, end } of batchesOf(rows, models.tuned.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const at = predicting(batch);
    const put = (into: Matrix | undefined, from: Matrix | undefined): void => {
      if (into && from) into.data.set(takeRows(from, at).data, start * into.columns);
    };
    for (const role of roles) {
      const result = await models[role].run(batch, { capture, tokenLogProbs: true });
      logProbs[role].set(wordLogProbs(result.tokenLogProbs, at), start);
      for (const [site, into] of sites) put(into[role], result.activations.get(site));
    }
    const targets = batch.map((tokens) =>
      tokens.map((_, i) => (i === tokens.length - 2 ? (tokens.at(-1) as number) : -1)),
    );
    const gradients = await models.tuned.gradients?.(batch, { sites: capture, targets });
    for (const [site, into] of sites) put(into.gradient, gradients?.get(site));
    onProgress(end);
  }
  return { logProbs, sites };
}

/** Where, among the concatenated positions of the rows, each row's last token is predicted. */
export function predicting(rows: readonly (readonly number[])[]): number[] {
  let end = 0;
  return rows.map(({ length }) => (end += length) - 2);
}

export const wordLogProbs = (
  ofTokens: Float32Array | undefined,
  predictedAt: readonly number[],
): number[] => predictedAt.map((i) => known(ofTokens, 'log-probabilities')[i + 1] as number);
