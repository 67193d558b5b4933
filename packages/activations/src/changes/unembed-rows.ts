import { FeedprintError, matrix, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel, Matrix, Site } from '@feedprint/core';

/**
 * The residual stream after the last block, which the final norm and the unembedding read. Throws `usage` if the model
 * does not expose it.
 */
export function lastSite({ sites, info, name }: LanguageModel): Site {
  const last = sites.find(({ site }) => site === `blocks.${info.layers - 1}.hook_resid_post`);
  if (last) return last.site;
  throw new FeedprintError({
    code: 'usage',
    message: `the model ${name} does not expose the residual stream after its last block`,
    remedy: 'use a model with a site blocks.N.hook_resid_post for its last block N',
  });
}

/**
 * Next-token logits `[rows, vocabulary]` for rows of the residual stream after the last block, `[rows, width]`: the
 * final norm and the unembedding alone. It uses `run` on texts of one token whose activations are replaced, so it works
 * on any `LanguageModel`. Throws `usage` for models without that site and for classifiers, `shape-mismatch` for rows of
 * another width.
 */
export async function unembedRows(model: LanguageModel, rows: Matrix): Promise<Matrix> {
  const site = lastSite(model);
  const { vocabularySize, labels } = model.info;
  if (labels) {
    throw new FeedprintError({
      code: 'usage',
      message: 'a classifier gives scores of its labels, not logits of tokens',
      remedy: 'use a language model',
    });
  }
  const result = matrix(rows.rows, vocabularySize);
  const most = positionsPerBatch(vocabularySize);
  for (let start = 0; start < rows.rows; start += most) {
    const count = Math.min(most, rows.rows - start);
    const part = rows.data.subarray(start * rows.columns, (start + count) * rows.columns);
    const replacement = matrix(count, rows.columns, part);
    const edit = { site, replacement, apply: () => replacement };
    const texts = Array.from({ length: count }, () => [0]);
    const { logits } = await model.run(texts, { logits: 'all', edits: [edit] });
    result.data.set((logits as Matrix).data, start * vocabularySize);
  }
  return result;
}
