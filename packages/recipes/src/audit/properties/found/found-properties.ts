import { matrix } from '@feedprint/core';
import type { Matrix, Property, Reply } from '@feedprint/core';
import { repliesOf } from '@feedprint/feedback';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { FoundProperties } from '@feedprint/probe';
import { z } from 'zod';
import { createReplyEncoder } from '../../../encode-pair.ts';
import type { AuditContext } from '../../context.ts';
import { known } from '../../known.ts';
import { readMatrices, writeMatrices } from '../../matrix-files.ts';
import { roles } from '../../model-role.ts';
import { labelledPairs } from '../../pairs/prepared-pairs.ts';
import type { PreparedPairs } from '../../pairs/prepared-pairs.ts';
import { partKey } from '../../parts.ts';
import { randomOf } from '../../random.ts';
import { asksProperties, freshReplies, repliesBy } from '../fresh-replies.ts';
import type { FreshReply } from '../fresh-replies.ts';
import type { PropertyFinder } from './property-finder.ts';

/** What was found in some of the pairs, and measured on the others and on fresh replies. */
export interface FoundInPairs extends FoundProperties {
  /** In the order of the names. */
  readonly definitions: readonly FoundDefinition[];
}

const definitionSchema = z.strictObject({
  name: z.string(),
  definition: z.string(),
  source: z.enum(['text', 'model', 'judge']),
});
export type FoundDefinition = z.infer<typeof definitionSchema>;

const fileSchema = z.strictObject({
  properties: z.array(definitionSchema),
  unseen: z.array(z.int()),
});

/** Properties that are found in the pairs, a stage for each finder. */
export const foundProperties = defineStages((context: AuditContext) => {
  const { pairs, parts } = context;
  return pairs && asksProperties(context)
    ? (parts.properties?.finders ?? []).map((finder) => foundStage(finder, pairs))
    : [];
});

const foundStage = (finder: PropertyFinder, pairs: PreparedPairs) =>
  defineStage({
    name: finder.name,
    needs: { written: freshReplies },
    config: ({ settings }: AuditContext) => ({ finder: partKey(finder), seed: settings.seed }),
    work: async ({ context, needs, folder, stage }) => {
      const { models, settings } = context;
      const random = randomOf(context, 'found properties');
      const records = labelledPairs(pairs).map(({ record }) => record);
      const given = random
        .fork('pairs')
        .shuffle([...records.keys()])
        .slice(0, finder.mostPairs)
        .sort((a, b) => a - b);
      const recordAt = (place: number) => known(records[place], `pair ${place}`);
      const {
        properties,
        unseen,
        drawn = [],
      } = await finder.find({
        base: models.base,
        encoder: createReplyEncoder({
          tokenizer: models.tuned.tokenizer,
          contextLength: models.tuned.info.contextLength,
          chatTemplate: settings.chatTemplate,
        }),
        pairs: given.map(recordAt),
        random,
        signal: stage.signal,
      });
      const places = Array.from(unseen, (i) => known(given[i], `pair ${i}`));
      const { specialIds } = models.tuned.tokenizer;
      const written = (role: 'base' | 'tuned'): FreshReply[] =>
        repliesBy(context, pairs, needs.written, role)
          .slice(0, finder.mostReplies)
          .map((reply) => ({ ...reply, row: withoutEnd(reply, specialIds) }));
      const both = places.map((place) => repliesOf(recordAt(place)));
      const sets = {
        base: written('base'),
        tuned: written('tuned'),
        chosen: both.map(([chosen]) => chosen),
        rejected: both.map(([, rejected]) => rejected),
      };
      const total = Object.values(sets).reduce((sum, { length }) => sum + length, 0);
      const measured: Record<string, Matrix> = {};
      let done = 0;
      for (const [name, replies] of Object.entries(sets)) {
        measured[name] = await measureAll(properties, replies);
        done += replies.length;
        stage.progress(done, total, 'replies');
      }
      for (const role of roles) {
        measured[`${role} drawn`] = await measureAll(drawn, sets[role]);
      }
      writeMatrices(folder, 'values.safetensors', measured);
      const counted = new Set(countedNames(context));
      await writeJson(folder, 'found.json', {
        properties: properties.map(({ name, definition, source }) => ({
          // A chat model may find a name that is taken.
          name: counted.has(name) ? `${name}-as-described` : name,
          ...{ definition, source },
        })),
        unseen: places,
      });
    },
    read: async (folder): Promise<FoundInPairs> => {
      const { properties, unseen } = await readJson(folder, 'found.json', fileSchema);
      const values = readMatrices(folder, 'values.safetensors', keys);
      return {
        names: properties.map(({ name }) => name),
        definitions: properties,
        unseen: Int32Array.from(unseen),
        base: columnsOf(values.base),
        tuned: columnsOf(values.tuned),
        chosen: columnsOf(values.chosen),
        rejected: columnsOf(values.rejected),
        ...(values['base drawn'].rows > 0 && {
          drawn: {
            base: columnsOf(values['base drawn']),
            tuned: columnsOf(values['tuned drawn']),
          },
        }),
      };
    },
  });

const countedNames = ({ parts, models }: AuditContext): string[] =>
  (parts.properties?.measured(models.tuned.tokenizer) ?? []).map(({ name }) => name);

/** A reply's tokens without those that end it, which replies of pairs need not have. */
function withoutEnd({ row, start }: FreshReply, special: ReadonlySet<number>): readonly number[] {
  const last = row.findLastIndex((id, at) => at < start || !special.has(id));
  return row.slice(0, last + 1);
}

const keys = ['base', 'tuned', 'chosen', 'rejected', 'base drawn', 'tuned drawn'] as const;

/** A property in each row: those of one list of replies can come from one pass of a model. */
async function measureAll(
  properties: readonly Property[],
  replies: readonly Reply[],
): Promise<Matrix> {
  const values = matrix(properties.length, replies.length);
  for (const [p, property] of properties.entries()) {
    values.data.set(await property.measure(replies), p * replies.length);
  }
  return values;
}

const columnsOf = ({ rows, columns, data }: Matrix): Float64Array[] =>
  Array.from({ length: rows }, (_, p) =>
    Float64Array.from(data.subarray(p * columns, (p + 1) * columns)),
  );
