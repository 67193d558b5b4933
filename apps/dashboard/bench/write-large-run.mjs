import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@feedprint/core';
import { createRunStore, writeParquet } from '@feedprint/pipeline';
/** Tokens of a text. */
const LENGTH = 500;
const SITE = 'blocks.6.hook_resid_post';
/** Token ids that the embedded tokenizer has. */
const VOCABULARY = 2000;
/** Features that the run has labels for, and numbers in its report. */
const LABELLED = 2000;
const FIGURES = 20_000;
const words =
  'film story praise insult list number name place time polite apology question code'.split(' ');
/** A run with the tables of an audit of this size, filled from a seed. */
export async function writeLargeRun({ folder, features, tokens }) {
  const random = createRandom(1);
  const store = await createRunStore({ folder, now: () => new Date(0) });
  store.append({ type: 'run-started', name: 'large', stages: [] });
  store.append({ type: 'run-finished' });
  // The tokenizer that its token ids are of; nothing else is read of the models.
  const base = fileURLToPath(new URL('../../../packages/demo-models/base', import.meta.url));
  await store.publish('models.json', JSON.stringify({ base, tuned: base }));
  await store.close();
  const write = (name, columns, rows) =>
    writeParquet({ file: join(folder, 'tables', `${name}.parquet`), columns, rows });
  const sae = { model: 'VARCHAR', site: 'VARCHAR', dSae: 'INTEGER' };
  const place = { model: 'tuned', site: SITE, dSae: features };
  await write('saes', sae, [place]);
  await write(
    'sae_features',
    { ...sae, feature: 'INTEGER', density: 'DOUBLE' },
    many(features, (feature) => ({ ...place, feature, density: random.next() ** 4 })),
  );
  await write(
    'matches',
    { site: 'VARCHAR', feature: 'INTEGER', large: 'DOUBLE', base: 'DOUBLE' },
    many(features, (feature) => ({
      site: SITE,
      feature,
      large: random.next(),
      base: random.next(),
    })),
  );
  await write(
    'features',
    {
      id: 'VARCHAR',
      site: 'VARCHAR',
      index: 'INTEGER',
      label: 'VARCHAR',
      labelScore: 'DOUBLE',
      related: 'BOOLEAN',
      carries: 'DOUBLE',
      ablationEffect: 'DOUBLE',
    },
    many(LABELLED, (i) => {
      const index = Math.floor((i * features) / LABELLED);
      const label = `${words[i % words.length]} ${words[Math.floor(i / 7) % words.length]}`;
      const measured = {
        labelScore: random.next(),
        related: random.next() < 0.1,
        carries: random.next() - 0.5,
        ablationEffect: random.next() - 0.5,
      };
      return { id: `${SITE}/${index}`, site: SITE, index, label, ...measured };
    }),
  );
  await write(
    'figures',
    { figure: 'VARCHAR', value: 'DOUBLE' },
    many(FIGURES, (i) => ({ figure: `words[${i}].estimate`, value: random.next() })),
  );
  await write(
    'tokens',
    { text: 'INTEGER', position: 'INTEGER', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    many(tokens, (i) => ({
      text: Math.floor(i / LENGTH),
      position: i % LENGTH,
      token: Math.floor(VOCABULARY * random.next()),
      base: -5 * random.next(),
      tuned: -5 * random.next(),
    })),
  );
}
function* many(count, row) {
  for (let i = 0; i < count; i++) yield row(i);
}
