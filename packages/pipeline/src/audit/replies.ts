import { join } from 'node:path';
import { openSafetensors } from '@feedprint/core';
import type { Artifact } from '@feedprint/core';
import type { TextDiscrepancies } from '@feedprint/probe';
import type { AuditContext } from './context.ts';
import { readJson, writeJson } from './files.ts';

/** Whole texts against what is stated of them; null where there are too few. */
export type AuditReplies =
  (Omit<TextDiscrepancies, 'texts'> & { readonly replies: TextDiscrepancies['texts'] }) | null;

/** Sums the log-ratios and the stated feedback of each text and finds the texts in which the two part. */
export function repliesStage(context: AuditContext, capture: Artifact): Promise<Artifact> {
  const { parts, rows, lexicon } = context;
  return context.runner.run({
    name: 'replies',
    config: { stated: lexicon.map(({ id, stated }) => [id, stated]), version: 1 },
    inputs: [capture],
    work: async (folder) => {
      const stated = new Map(lexicon.map(({ id, stated: value }) => [id, value]));
      const ratios = readLogRatios(capture, rows);
      // Nothing predicts a text's first token: it is in none of the sums.
      const found = parts.statistics.texts(
        rows.map((row, text) => ({
          reward: ratios[text]?.slice(1).reduce((sum, ratio) => sum + ratio, 0) ?? 0,
          stated: row.slice(1).reduce((sum, id) => sum + (stated.get(id) ?? 0), 0),
          tokens: row.length - 1,
        })),
      );
      await writeJson(folder, 'replies.json', found ? toReplies(found) : null);
    },
  });
}

const toReplies = ({ texts, ...line }: TextDiscrepancies): AuditReplies => ({
  ...line,
  replies: texts,
});

export const readReplies = (artifact: Artifact): Promise<AuditReplies> =>
  readJson(artifact, 'replies.json');

/** log p_tuned - log p_base of every token of every text, nats; 0 at each text's first. */
export function readLogRatios(capture: Artifact, rows: readonly Int32Array[]): Float64Array[] {
  const file = openSafetensors(join(capture.folder, 'log-probs.safetensors'));
  try {
    const [base, tuned] = [file.readFloats('tokens.base'), file.readFloats('tokens.tuned')];
    let at = 0;
    return rows.map(({ length }) =>
      Float64Array.from({ length }, () => {
        const ratio = (tuned[at] as number) - (base[at] as number);
        at++;
        return ratio;
      }),
    );
  } finally {
    file.close();
  }
}
