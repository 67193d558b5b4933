import { matrix, row } from '@feedprint/core';
import type { ActivationRows, LanguageModel, Matrix, Site, TokenRows } from '@feedprint/core';

export interface RecordedModel extends LanguageModel {
  /** Texts that were run so far. */
  readonly textsRun: number;
}

/** A model that "computes" recorded activations: those of the row whose token it is given. Tokens must differ. */
export function recordedModel(rows: ActivationRows): RecordedModel {
  const rowOf = new Map(Array.from(rows.token, (token, r) => [token, r]));
  const sites = [...rows.activations].map(([site, { columns: width }]) => ({
    site,
    layer: 0,
    width,
  }));
  const unused = (): never => {
    throw new TypeError('a store only runs its model');
  };
  let textsRun = 0;
  return {
    name: 'recorded',
    fingerprint: 'recorded',
    info: { architecture: 'none', layers: 1, width: 1, vocabularySize: 2000, contextLength: 100 },
    tokenizer: {
      vocabularySize: 2000,
      specialIds: new Set(),
      encode: unused,
      decode: unused,
      tokenText: unused,
      fingerprint: 'recorded',
    },
    sites,
    get textsRun() {
      return textsRun;
    },
    async run(texts, { capture = [] }) {
      textsRun += texts.length;
      const tokens = texts.flatMap((text) => Array.from(text));
      const of = (site: Site): Matrix => {
        const from = rows.activations.get(site) as Matrix;
        const result = matrix(tokens.length, from.columns);
        tokens.forEach((token, i) => {
          const r = rowOf.get(token) as number;
          if (r < from.rows) row(result, i).set(row(from, r));
        });
        return result;
      };
      return { activations: new Map(capture.map((site) => [site, of(site)])) };
    },
    generate: unused,
    parameters: unused,
    dispose: () => Promise.resolve(),
  };
}

/** The texts that rows come from. */
export function textsOf({ text, token }: ActivationRows): TokenRows {
  const texts: number[][] = [];
  text.forEach((t, r) => (texts[t] ??= []).push(token[r] as number));
  return texts;
}
