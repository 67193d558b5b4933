import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { isStatedOfWords, siteNames } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import { createExchanges, runUnchanged } from './exchange.ts';
import type { ExchangeParts } from './exchange-parts.ts';
import { locatedSchema } from './located.ts';
import type { Exchanged, Located } from './located.ts';
import { UNEMBEDDING, placesToExchange } from './places.ts';
import { reportLocated, reportShift } from './report.ts';
import { drawTexts } from '../draw-texts.ts';
import { rowsOf } from './unembedding.ts';

/** Where the shift along the feedback sits, by exchanging parts of the two models, if that is asked for. */
export const location = defineStages((context: AuditContext) => {
  const { settings, parts } = context;
  return isStatedOfWords(context) && settings.locationTokens > 0 && parts.exchange
    ? [locationStage(parts.exchange)]
    : [];
});

const locationStage = (exchange: ExchangeParts) =>
  defineStage({
    name: 'location',
    needs: {},
    config: (context: AuditContext) => ({
      identity: context.identity,
      tokens: context.settings.locationTokens,
      seed: context.settings.seed,
      words: context.words.map(({ id }) => id),
      sites: siteNames(context),
      exchange: partKey(exchange),
      statistics: partKey(context.parts.statistics),
    }),
    work: async ({ context, folder, stage }) => {
      const located = await locate(context, exchange, (done, total) =>
        stage.progress(done, total, 'exchanges'),
      );
      await writeJson(folder, 'location.json', located);
    },
    read: (folder): Promise<Located> => readJson(folder, 'location.json', locatedSchema),
  });

async function locate(
  context: AuditContext,
  { groups, exchange }: ExchangeParts,
  progress: (done: number, total: number) => void,
): Promise<Located> {
  const texts = drawTexts(context, 'location', context.settings.locationTokens);
  const { index, contexts } = texts;
  const canExchange = await isExchangeable(context, exchange);
  const unchanged = canExchange ? await runUnchanged(context, texts) : undefined;
  const shift = unchanged && reportShift(context, unchanged, contexts);
  const exchanged: Exchanged[] = unchanged
    ? [
        { place: null, way: 'base', outcome: unchanged.base },
        { place: null, way: 'tuned', outcome: unchanged.tuned },
      ]
    : [];
  const summary = {
    texts: index.length,
    contexts: contexts.reduce((a, b) => a + b, 0),
    shift: shift ?? null,
  };
  if (!unchanged || !shift?.slope.found) {
    const state = unchanged ? ('no-shift' as const) : ('no-exchange' as const);
    const report = { ...summary, state, places: [], sites: null, unembedding: null };
    return { report, index, contexts, exchanged, rows: [] };
  }
  const places = placesToExchange(groups(context.models.base));
  const exchanges = createExchanges(context, exchange, texts, unchanged);
  for (const place of places) {
    const both = await exchanges.parameters(place.names);
    for (const way of ['restored', 'transplanted'] as const) {
      exchanged.push({ place: place.name, way, outcome: both[way] });
    }
    progress(exchanged.length / 2, places.length + 2);
  }
  const sites = await exchanges.sites();
  const head = places.find(({ name }) => name === UNEMBEDDING);
  const rows = head
    ? rowsOf(context, head, {
        base: unchanged.vocabulary,
        exchanged: await exchanges.vocabularyWith(head.names),
      })
    : [];
  exchanged.push(
    { place: 'sites', way: 'restored', outcome: sites.restored },
    { place: 'sites', way: 'transplanted', outcome: sites.transplanted },
  );
  const report = { ...summary, ...reportLocated(context, unchanged, places, exchanged, rows) };
  return { report, index, contexts, exchanged, rows };
}

/** Whether both models can compute with parameters of the other. */
async function isExchangeable(
  { models: { base, tuned } }: AuditContext,
  exchange: ExchangeParts['exchange'],
): Promise<boolean> {
  const made = [exchange(base, tuned, () => false), exchange(tuned, base, () => false)];
  for (const model of made) await model?.dispose();
  return made.every((model) => model !== undefined);
}
