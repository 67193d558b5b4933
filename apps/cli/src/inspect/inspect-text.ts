import { norm, row } from '@feedprint/core';
import type { LanguageModel, Matrix, RunResult, Site } from '@feedprint/core';
import { alignColumns, percent } from '../tables.ts';

/** A text's tokens and what the model made of them. */
export interface Inspection {
  readonly ids: readonly number[];
  /** Text of each token; none for a model without a tokenizer. */
  readonly tokens: readonly string[] | null;
  readonly sites: ReadonlyMap<Site, Matrix>;
  /** `[positions, vocabulary]`, or `[1, labels]` of a classifier. */
  readonly logits?: Matrix;
}

/** Runs a model on one text's tokens. */
export async function inspectText(
  model: LanguageModel,
  ids: readonly number[],
  sites: readonly Site[],
  withLogits: 'none' | 'last' | 'all',
): Promise<Inspection> {
  const logits = model.info.labels && withLogits !== 'none' ? 'last' : withLogits;
  const result: RunResult = await model.run([ids], { capture: sites, logits });
  return {
    ids,
    tokens: model.tokenizer.missing ? null : ids.map((id) => model.tokenizer.tokenText(id)),
    sites: new Map(sites.map((site) => [site, result.activations.get(site) as Matrix])),
    ...(result.logits && { logits: result.logits }),
  };
}

/** Gives `{ tokens, ids, sites: { name: [position][unit] }, logits: [position][token] }` as one line of JSON, piece by piece. */
export function writeInspection(
  { ids, tokens, sites, logits }: Inspection,
  out: (text: string) => void,
): void {
  out(`{"tokens":${JSON.stringify(tokens)},"ids":${JSON.stringify(ids)},"sites":{`);
  [...sites].forEach(([site, m], i) => {
    out(`${i > 0 ? ',' : ''}${JSON.stringify(site)}:`);
    writeMatrix(m, out);
  });
  out('}');
  if (logits) {
    out(',"logits":');
    writeMatrix(logits, out);
  }
  out('}\n');
}

function writeMatrix(m: Matrix, out: (text: string) => void): void {
  out('[');
  for (let r = 0; r < m.rows; r++) {
    out(`${r > 0 ? ',' : ''}${JSON.stringify(Array.from(row(m, r), shortest))}`);
  }
  out(']');
}

/** The number with the 9 digits that tell an f32 from all others. */
const shortest = (value: number): number => Number(value.toPrecision(9));

/** Units shown of each position. */
const UNITS = 6;
/** Tokens shown of those that may come next. */
const TOP = 10;

/** An inspection for people; `labels` are those of a classifier. */
export function formatInspection(
  { ids, sites, logits }: Inspection,
  { info, tokenizer }: Pick<LanguageModel, 'info' | 'tokenizer'>,
): string {
  const textOf = (id: number): string =>
    tokenizer.missing ? '-' : JSON.stringify(tokenizer.tokenText(id));
  const lines = alignColumns(
    [['position', 'id', 'token'], ...ids.map((id, i) => [`${i}`, `${id}`, textOf(id)])],
    new Set([0, 1]),
  );
  for (const [site, m] of sites) {
    const shown = Array.from({ length: m.rows }, (_, r) => {
      const values = row(m, r);
      return [
        `${r}`,
        norm(values).toFixed(4),
        ...Array.from(values.subarray(0, UNITS), (v) => v.toFixed(4)),
      ];
    });
    const units = Array.from({ length: Math.min(UNITS, m.columns) }, (_, j) => `unit ${j}`);
    const table = [['position', 'norm', ...units], ...shown];
    lines.push('', `${site}, ${m.columns} units`);
    lines.push(...alignColumns(table, new Set(table[0]?.keys())));
  }
  if (logits) lines.push('', ...lastLogits(logits, info.labels, textOf));
  return `${lines.join('\n')}\n`;
}

function lastLogits(
  logits: Matrix,
  labels: readonly string[] | undefined,
  textOf: (id: number) => string,
): string[] {
  const last = row(logits, logits.rows - 1);
  const top = last.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = last.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
  if (labels) {
    const scores = labels.map((label, i) => [label, (last[i] ?? NaN).toFixed(4)]);
    return alignColumns([['label', 'score'], ...scores], new Set([1]));
  }
  const best = [...last.keys()]
    .sort((a, b) => (last[b] as number) - (last[a] as number) || a - b)
    .slice(0, TOP)
    .map((id) => {
      const logit = last[id] as number;
      return [`${id}`, logit.toFixed(4), percent(Math.exp(logit - top) / total), textOf(id)];
    });
  return alignColumns([['id', 'logit', 'probability', 'next token'], ...best], new Set([0, 1, 2]));
}
