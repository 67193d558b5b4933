import { featureQuerySchema } from '../../api/features.ts';
import type { FeatureList } from '../../api/features.ts';
import type { TextList } from '../../api/texts.ts';
import { toAudit } from '../audits/to-audit.ts';
import type { DashboardContext } from '../context.ts';
import { readFeatureTable } from '../features/feature-table.ts';
import { listFeatures } from '../features/list-features.ts';
import { readFeature } from '../features/read-feature.ts';
import { toRefused } from '../http/respond.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import { toLayers } from '../routes/layers.ts';
import { pairsOf } from '../routes/replies.ts';
import { detailOf } from '../routes/runs.ts';
import { readReport } from '../runs/read-report.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { listTexts, readText } from '../texts/list-texts.ts';
import type { Copy } from './snapshot-of.ts';

/** How much of an audit a copy has. */
interface Extent {
  /** Pairs of a property that was flagged, and of another one. */
  readonly flaggedPairs: number;
  readonly pairs: number;
  /** Features that have a page. */
  readonly features: number;
  readonly texts: number;
}

const whole: Extent = { flaggedPairs: 40, pairs: 10, features: 60, texts: 60 };

/** The pairs that a copy of this extent leaves out. */
export const pairsBeyond = ({ flaggedPairs, pairs }: Extent): string =>
  `pairs behind a property after the first ${flaggedPairs} where it was flagged, ${pairs} elsewhere`;

/** Where the server answers about a run. */
export const answersOf = (run: RunFolder): string => `/api/runs/${encodeURIComponent(run.id)}`;

/** What the page of an audit asks for. */
export async function auditCopy(
  context: DashboardContext,
  run: RunFolder,
  extent: Extent = whole,
): Promise<Copy> {
  const base = answersOf(run);
  const report = await readReport(run);
  const answers: Record<string, unknown> = {
    [base]: await detailOf(context, run),
    [`${base}/audit`]: toAudit(report),
    [`${base}/layers`]: toLayers(report),
  };
  const leftOut = ['The playground: a file has no models to ask.'];
  const properties = (report.properties ?? []).filter(({ inData, learned }) => inData ?? learned);
  for (const { name, flagged } of properties) {
    const path = `${base}/replies/${encodeURIComponent(name)}`;
    const shown = pairsOf(run, name, flagged ? extent.flaggedPairs : extent.pairs);
    answers[path] = await shown.catch(onlyRefusals);
  }
  if (properties.length > 0) leftOut.push(`${capital(pairsBeyond(extent))}.`);
  const parts: readonly Part[] = [
    {
      ...{ table: 'tokens', name: 'Texts', most: extent.texts },
      copy: (most) => textsOf(context.models, run, most),
    },
    {
      ...{ table: 'sae_features', name: 'Features', most: extent.features },
      copy: (most) => featuresOf(context.models, run, most),
    },
  ];
  for (const { table, name, most, copy } of parts) {
    if (most === 0 || !(await hasTable(run, table))) continue;
    try {
      const part = await copy(most);
      for (const [path, answer] of Object.entries(part.answers)) answers[base + path] = answer;
      leftOut.push(...part.leftOut);
    } catch (error) {
      const refused = toRefused(error);
      if (!refused) throw error;
      leftOut.push(`${name}: ${refused.message}`);
    }
  }
  leftOut.push(
    'Every number of the report, the report itself and the tables, which lie in the folder of the run.',
  );
  return { answers, leftOut };
}

/** Something that a run may have. */
interface Part {
  readonly table: string;
  readonly name: string;
  readonly most: number;
  readonly copy: (most: number) => Promise<Copy>;
}

/** The texts that tuning moved furthest. */
async function textsOf(models: ModelDesk, run: RunFolder, limit: number): Promise<Copy> {
  const query = { word: '', sort: 'moved', offset: 0, limit } as const;
  const { total, texts } = await listTexts(models, run, query);
  const tokens = texts.reduce((sum, { length }) => sum + length, 0);
  const list: TextList = { total: texts.length, tokens, texts };
  const answers: Record<string, unknown> = { '/texts': list };
  for (const { text } of texts) answers[`/texts/${text}`] = await readText(models, run, text);
  const leftOut =
    total > texts.length
      ? [`Texts but for the ${texts.length} of ${total} that tuning moved furthest.`]
      : [];
  return { answers, leftOut };
}

/** The features that carry most of the shift. */
async function featuresOf(models: ModelDesk, run: RunFolder, limit: number): Promise<Copy> {
  const query = { ...featureQuerySchema.parse({}), limit };
  const { total, features } = await listFeatures(run, query);
  const { sites } = await readFeatureTable(run);
  const list: FeatureList = { total: features.length, sites: [...sites], features };
  const answers: Record<string, unknown> = { '/features': list };
  for (const { site, index } of features) {
    answers[`/features/${encodeURIComponent(site)}/${index}`] = await readFeature(models, run, {
      site,
      index,
    });
  }
  const isRanked = features.some(({ carries }) => carries !== null); // Without words, none carries a shift.
  const which = isRanked ? 'that carry most' : 'that come first';
  const leftOut =
    total > features.length
      ? [`Features but for the ${features.length} of ${total} ${which}.`]
      : [];
  return { answers, leftOut };
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Pairs that cannot be read are left out of the copy. */
function onlyRefusals(error: unknown): undefined {
  if (toRefused(error)) return undefined;
  throw error;
}
