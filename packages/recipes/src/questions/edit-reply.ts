import { measureProperties, standardEdits, standardProperties } from '@feedprint/feedback';
import { createReplyEncoder } from '../encode-pair.ts';
import { replyLogProbs } from '../audit/properties/log-ratios.ts';
import type { RunModels } from './run-models.ts';

/** A reply, or what an edit of one property made of it. */
export interface RatedReply {
  readonly reply: string;
  /** log p_tuned - log p_base of the reply after its prompt, nats; null where it has no token of its own. */
  readonly R: number | null;
}

export interface EditedVersion extends RatedReply {
  readonly edit: string;
  /** What is done to the reply. */
  readonly definition: string;
  readonly property: string;
  /** Of the property, edited minus as written, in its own units. */
  readonly change: number;
}

export interface ReplyEdits {
  readonly written: RatedReply;
  /** Every edit that finds something to change, largest change of R first. */
  readonly edits: readonly EditedVersion[];
}

/** How R moves when a reply is edited in one property at a time. */
export async function tryReplyEdits(
  models: RunModels,
  { prompt, reply }: { readonly prompt: string; readonly reply: string },
): Promise<ReplyEdits> {
  const found = standardEdits.flatMap((edit) => {
    const text = edit.apply(reply, prompt);
    return text === undefined ? [] : [{ edit, text }];
  });
  const texts = [reply, ...found.map(({ text }) => text)];
  const ratios = await ratiosOf(models, prompt, texts);
  const properties = standardProperties({ tokenizer: models.tuned.tokenizer });
  const wanted = properties.filter(({ name }) => found.some(({ edit }) => edit.property === name));
  const values = await measureProperties(
    wanted,
    texts.map((text) => ({ prompt, reply: text })),
  );
  const edits = found.map(({ edit, text }, i): EditedVersion => {
    const own = values[wanted.findIndex(({ name }) => name === edit.property)];
    return {
      edit: edit.name,
      definition: edit.definition,
      property: edit.property,
      change: (own?.[i + 1] ?? 0) - (own?.[0] ?? 0),
      reply: text,
      R: ratios[i + 1] ?? null,
    };
  });
  const R = ratios[0] ?? null;
  const moved = (one: RatedReply): number => Math.abs((one.R ?? 0) - (R ?? 0));
  return {
    written: { reply, R },
    edits: edits.toSorted((a, b) => moved(b) - moved(a)),
  };
}

/** R of each reply, encoded as an audit encodes them; null for one without a token. */
export async function ratiosOf(
  { base, tuned }: RunModels,
  prompt: string,
  replies: readonly string[],
): Promise<(number | null)[]> {
  const { encode } = createReplyEncoder({
    tokenizer: tuned.tokenizer,
    contextLength: tuned.info.contextLength,
  });
  const encoded = replies.map((reply) => encode({ prompt }, [{ reply }])?.replies[0]);
  const rows = encoded.filter((one) => one !== undefined);
  const before = await replyLogProbs(base, rows, () => undefined);
  const after = await replyLogProbs(tuned, rows, () => undefined);
  let at = 0;
  return encoded.map((one) => {
    if (!one) return null;
    const R = (after[at] as number) - (before[at] as number);
    at++;
    return R;
  });
}
