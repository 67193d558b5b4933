import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelChanges, PairedRows, SiteDifferences } from '@feedprint/activations';
import type { ActivationStore, SiteInfo } from '@feedprint/core';
import type { StageContext } from '@feedprint/pipeline';
import type { ChangeDictionary } from '@feedprint/sae';
import { sampleTexts, wordsOfInterest } from './words.ts';
import type { SampledTexts, WordOfInterest } from './words.ts';
import { roles } from '../model-role.ts';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { ChangeParts } from './change-parts.ts';

/** Number of features in the dictionaries, as a multiple of the site's units. */
export const DICTIONARY_WIDTH = 2;

/** Largest number of units for which principal directions are computed: the work grows with its cube. */
const MOST_UNITS = 1024;

/** An audit that measures changes. */
export interface ChangesContext extends AuditContext {
  readonly measures: ChangeParts;
}

/** What was measured, and where. */
export interface MeasuredChanges {
  readonly texts: SampledTexts;
  readonly words: readonly WordOfInterest[];
  readonly sites: readonly SiteInfo[];
  /**
   * The site whose differences are examined: the residual stream after the last block, which determines what is said
   * next.
   */
  readonly site: SiteInfo;
  /** Whether the final norm and the unembedding read that site. */
  readonly isLast: boolean;
  readonly changes: ModelChanges;
  readonly dictionaries: readonly ChangeDictionary[];
}

/** Differences at the site that is examined. */
export const detailed = ({ changes, site }: MeasuredChanges): SiteDifferences =>
  known(changes.sites.get(site.site), site.site);

/** Runs both models over a sample of the texts, then trains the dictionaries on one site's activations there. */
export async function measureForAudit(
  context: ChangesContext,
  folder: string,
  stage: StageContext,
): Promise<MeasuredChanges> {
  const { measures, models } = context;
  const texts = sampleTexts(context);
  const words = wordsOfInterest(context, texts.rows);
  const sites = sitesToCompare(context);
  const site = known(sites.at(-1), 'a site');
  const isLast = site.site === `blocks.${models.tuned.info.layers - 1}.hook_resid_post`;
  const rows = await keptRows(context, folder, site);
  const changes = await measures.measure(models.base, models.tuned, texts.rows, {
    sites: sites.map((info) => info.site),
    detailed: [site.site],
    moments: site.width <= MOST_UNITS,
    words: words.map(({ token }) => token),
    onRows: (some) => rows.append(some),
    onProgress: (done, total) => stage.progress(done, total, 'tokens'),
    signal: stage.signal,
  });
  const [base, tuned] = await rows.finish();
  const dictionaries = await measures.dictionaries.train(base, tuned, {
    site: site.site,
    dSae: DICTIONARY_WIDTH * site.width,
    seed: seedOf(context, 'changes'),
    follows: followingWords(changes, texts, words),
    words: words.length,
    onProgress: (done, total) => stage.progress(done, total, 'dictionaries'),
  });
  await rows.remove();
  return { texts, words, sites, site, isLast, changes, dictionaries };
}

/** The ends of all blocks; for a model that does not expose the last one's, the sites that the audit examines. */
function sitesToCompare({ models, sites }: AuditContext): SiteInfo[] {
  const { info, sites: all } = models.tuned;
  const ends = all.filter(({ site }) => /^blocks\.\d+\.hook_resid_post$/.test(site));
  return ends.at(-1)?.layer === info.layers - 1 ? ends : [...sites];
}

/** Both models' rows of one site, kept in the stage's folder while they are needed. */
async function keptRows({ parts }: AuditContext, folder: string, { site }: SiteInfo) {
  const folders = roles.map((role) => join(folder, `rows-${role}`));
  const writers = await Promise.all(folders.map((path) => parts.activations.create(path, [site])));
  return {
    async append({ text, position, token, base, tuned }: PairedRows): Promise<void> {
      for (const [i, rows] of [base, tuned].entries()) {
        const activations = new Map([[site, known(rows.get(site), site)]]);
        await known(writers[i], 'a writer').append({ text, position, token, activations });
      }
    },
    finish: async () =>
      (await Promise.all(writers.map((writer) => writer.finish()))) as [
        ActivationStore,
        ActivationStore,
      ],
    async remove(): Promise<void> {
      for (const path of folders) await rm(path, { recursive: true });
    },
  };
}

/** Index of the word of interest that follows each position, -1 for none. */
function followingWords(
  { places }: ModelChanges,
  { rows }: SampledTexts,
  words: readonly WordOfInterest[],
): Int32Array {
  const indexOf = new Map(words.map(({ token }, i) => [token, i]));
  return places.text.map((text, i) => {
    const next = rows[text]?.[(places.position[i] as number) + 1];
    return next === undefined ? -1 : (indexOf.get(next) ?? -1);
  });
}
