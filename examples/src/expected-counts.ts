import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';

/** How often a model expects each of these tokens in each text, `[texts, tokens]`: its probabilities, summed over positions. */
export async function expectedCounts(
  model: LanguageModel,
  rows: TokenRows,
  tokens: Int32Array,
): Promise<Matrix> {
  const counts = matrix(rows.length, tokens.length);
  for (const [text, ids] of rows.entries()) {
    const { logProbsOf = matrix(0, tokens.length) } = await model.run([ids], {
      logProbsOf: tokens,
    });
    const expected = row(counts, text);
    for (let p = 0; p + 1 < ids.length; p++) {
      row(logProbsOf, p).forEach((value, w) => {
        expected[w] = (expected[w] ?? 0) + Math.exp(value);
      });
    }
  }
  return counts;
}
