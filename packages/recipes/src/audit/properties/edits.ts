import type { ReplyEdit } from '@feedprint/feedback';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { measureProperties } from '@feedprint/feedback';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import { randomOf } from '../random.ts';
import { askedReplies, freshReplies, propertyKey, repliesBy } from './fresh-replies.ts';
import type { FreshReply } from './fresh-replies.ts';
import { judgedProperties } from './judged.ts';
import { replyLogProbs } from './log-ratios.ts';
import { freshPrompts } from './prompts.ts';

/** Properties whose edits are tried, and replies that each edit is tried on. */
const PROPERTIES = 8;
const REPLIES = 40;

/** How R changed with one reply when one property of it was changed. */
export interface EditedReply {
  readonly property: string;
  readonly edit: string;
  /** Number of the prompt among those of the file. */
  readonly prompt: number;
  /** Of the property, edited minus as written, in its own units. */
  readonly change: number;
  /** Of R, nats. */
  readonly ratio: number;
}

const schema = z.array(
  z.strictObject({
    property: z.string(),
    edit: z.string(),
    prompt: z.int(),
    change: z.number(),
    ratio: z.number(),
  }),
);

/** What becomes of R when fresh replies are edited in one property that was flagged, and in as little else as possible. */
export const editedReplies = defineStages((context: AuditContext) =>
  (context.parts.properties?.edits ?? []).length > 0 ? askedReplies(context).map(editsStage) : [],
);

const editsStage = (source: PreparedReplies) =>
  defineStage({
    name: 'edited-replies',
    needs: { written: freshReplies, judged: judgedProperties },
    config: (context: AuditContext) => ({
      properties: propertyKey(context),
      edits: context.parts.properties?.edits?.map(({ name }) => name),
      seed: context.settings.seed,
    }),
    work: async ({ context, needs, folder, stage }) => {
      const { parts, models } = context;
      const { edits = [], measured } = known(parts.properties, 'what measures properties');
      const flagged = known(needs.judged[0], 'judged properties')
        .properties.filter((one) => one.flagged)
        .slice(0, PROPERTIES)
        .map(({ name }) => name);
      const prompts = freshPrompts(context, source, context.settings.freshReplies);
      const replies = (['base', 'tuned'] as const).flatMap((role) =>
        repliesBy(context, source, needs.written, role).map((reply, i) => ({
          ...reply,
          promptNumber: known(prompts[i], `prompt ${i}`).prompt,
        })),
      );
      const order = randomOf(context, 'edited replies').shuffle([...replies.keys()]);
      const pairsOfTexts = edits
        .filter(({ property }) => flagged.includes(property))
        .flatMap((edit) =>
          tryEdit(
            edit,
            order.map((i) => known(replies[i], `reply ${i}`)),
          ),
        );
      const texts = pairsOfTexts.flatMap(({ before, after }) => [before, after]);
      const rows = texts.map((reply) => encoded(context, reply));
      const score = async (role: 'base' | 'tuned'): Promise<Float64Array> => {
        const sums = await replyLogProbs(models[role], rows, () => undefined);
        stage.progress(role === 'base' ? 1 : 2, 2, 'passes');
        return sums;
      };
      const [base, tuned] = [await score('base'), await score('tuned')];
      const ratios = tuned.map((value, i) => value - (base[i] as number));
      const properties = measured(models.tuned.tokenizer).filter(({ name }) =>
        flagged.includes(name),
      );
      const values = await measureProperties(properties, texts);
      const changeOf = (of: readonly Float64Array[], name: string, i: number): number => {
        const own = known(of[properties.findIndex((one) => one.name === name)], name);
        return (own[2 * i + 1] as number) - (own[2 * i] as number);
      };
      const found = pairsOfTexts.map(({ edit, before }, i) => ({
        property: edit.property,
        edit: edit.name,
        prompt: before.promptNumber,
        change: changeOf(values, edit.property, i),
        ratio: (ratios[2 * i + 1] as number) - (ratios[2 * i] as number),
      }));
      await writeJson(
        folder,
        'edits.json',
        found.filter(({ change, ratio }) => Number.isFinite(change) && Number.isFinite(ratio)),
      );
    },
    read: (folder): Promise<readonly EditedReply[]> => readJson(folder, 'edits.json', schema),
  });

type Numbered = FreshReply & { readonly promptNumber: number };

/** The first replies that an edit changes, before and after. */
function tryEdit(edit: ReplyEdit, replies: readonly Numbered[]) {
  const found: { readonly edit: ReplyEdit; readonly before: Numbered; readonly after: Numbered }[] =
    [];
  for (const before of replies) {
    if (found.length === REPLIES) break;
    const reply = edit.apply(before.reply, before.prompt);
    if (reply !== undefined) found.push({ edit, before, after: { ...before, reply } });
  }
  return found;
}

/** A reply's text as token ids after the same prompt; what does not fit into the context is left out. */
function encoded({ models }: AuditContext, { row, start, reply }: FreshReply) {
  const { tokenizer, info } = models.tuned;
  const ids = [...row.slice(0, start), ...tokenizer.encode(reply, { special: false })];
  return { row: ids.slice(0, info.contextLength), start };
}
