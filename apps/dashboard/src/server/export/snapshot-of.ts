import type { FeatureQuery } from '../../api/features.ts';
import type { DashboardContext } from '../context.ts';
import { toAudit } from '../audits/to-audit.ts';
import { readFeatureTable } from '../features/feature-table.ts';
import { listFeatures } from '../features/list-features.ts';
import { readFeature } from '../features/read-feature.ts';
import { toRefused } from '../http/respond.ts';
import { toLayers } from '../routes/layers.ts';
import { readReport } from '../runs/read-report.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { pairsOf } from '../routes/replies.ts';

/** Answers of the server by what was asked for, for a page without one. */
export interface Snapshot {
  readonly run: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Pairs that a copy has of a property that was flagged, and of another one. */
const FLAGGED_PAIRS = 40;
const PAIRS = 10;
/** Features whose own page is part of a copy. */
const FEATURES = 60;

/** Everything that the page of a finished audit asks for, but for live events and the models. */
export async function snapshotOf(
  { reader, models }: DashboardContext,
  run: RunFolder,
  query: FeatureQuery,
): Promise<Snapshot> {
  const base = `/api/runs/${encodeURIComponent(run.id)}`;
  const report = await readReport(run);
  const answers: Record<string, unknown> = {
    [base]: await reader.detail(run),
    [`${base}/audit`]: toAudit(report),
    [`${base}/layers`]: toLayers(report),
  };
  for (const { name, flagged, inData, learned } of report.properties ?? []) {
    if (!inData && !learned) continue;
    const path = `${base}/replies/${encodeURIComponent(name)}`;
    answers[path] = await pairsOf(run, name, flagged ? FLAGGED_PAIRS : PAIRS);
  }
  if (await hasTable(run, 'sae_features')) {
    const list = await listFeatures(run, { ...query, limit: FEATURES });
    answers[`${base}/features`] = { ...list, sites: (await readFeatureTable(run)).sites };
    for (const { site, index } of list.features) {
      const path = `${base}/features/${encodeURIComponent(site)}/${index}`;
      answers[path] = await readFeature(models, run, { site, index }).catch(onlyRefusals);
    }
  }
  return { run: run.id, answers };
}

/** A feature that cannot be read is left out of the copy. */
function onlyRefusals(error: unknown): undefined {
  if (toRefused(error)) return undefined;
  throw error;
}
