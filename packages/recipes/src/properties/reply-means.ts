import { batchTexts, matrix, positionsPerBatch, row, throwIfCancelled } from '@feedprint/core';
import type { LanguageModel, Matrix, Reply, Site } from '@feedprint/core';
import type { EncodedReply, ReplyEncoder } from '../encode-pair.ts';

export interface ReplyMeansOptions {
  readonly model: LanguageModel;
  readonly site: Site;
  readonly encoder: ReplyEncoder;
  readonly signal?: AbortSignal | undefined;
}

/** A reply that comes with its tokens, as a model wrote them. */
export type TokenisedReply = Reply & EncodedReply;

/** The mean activation at a site over a reply's tokens: `[replies, width]`, NaN for replies that have no token. */
export async function replyMeans(
  replies: readonly (Reply | TokenisedReply)[],
  { model, site, encoder, signal }: ReplyMeansOptions,
): Promise<Matrix> {
  const width = model.sites.find((known) => known.site === site)?.width ?? model.info.width;
  const means = matrix(replies.length, width);
  means.data.fill(NaN);
  const given = replies.flatMap((reply, index) => {
    const encoded =
      'row' in reply ? reply : encoder.encode(reply, [{ reply: reply.reply }])?.replies[0];
    const { row: ids, start } = encoded ?? { row: [], start: 0 };
    return ids.length > start ? [{ index, row: ids, start }] : [];
  });
  given.sort((a, b) => a.row.length - b.row.length);
  const rows = given.map((reply) => reply.row);
  for (const batch of batchTexts(rows, positionsPerBatch(model.info.vocabularySize))) {
    throwIfCancelled(signal, 'while activations were averaged');
    const texts = batch.map((i) => given[i] as (typeof given)[number]);
    const { activations } = await model.run(
      texts.map((text) => text.row),
      { capture: [site] },
    );
    const found = activations.get(site) as Matrix;
    let end = 0;
    for (const { index, row: ids, start } of texts) {
      const mean = row(means, index).fill(0);
      const tokens = ids.length - start;
      for (let position = end + start; position < end + ids.length; position++) {
        row(found, position).forEach(
          (value, i) => (mean[i] = (mean[i] as number) + value / tokens),
        );
      }
      end += ids.length;
    }
  }
  return means;
}
