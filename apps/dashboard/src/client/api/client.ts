import { z } from 'zod';
import { auditSchema, figureListSchema } from '../../api/audit.ts';
import type { Audit, FigureList } from '../../api/audit.ts';
import { comparisonSchema } from '../../api/compare.ts';
import type { Comparison } from '../../api/compare.ts';
import { featureAnswerSchema, featureListSchema, featureSchema } from '../../api/features.ts';
import type { Feature, FeatureAnswer, FeatureList } from '../../api/features.ts';
import { layersSchema } from '../../api/layers.ts';
import type { Layers } from '../../api/layers.ts';
import { continueAnswerSchema, editAnswerSchema, readAnswerSchema } from '../../api/playground.ts';
import type {
  ContinueAnswer,
  ContinueRequest,
  EditAnswer,
  PlaygroundPrompt,
  ReadAnswer,
} from '../../api/playground.ts';
import { pairsOfPropertySchema } from '../../api/replies.ts';
import type { PairsOfProperty } from '../../api/replies.ts';
import { runDetailSchema, runListSchema } from '../../api/responses.ts';
import type { RunDetail, RunList } from '../../api/responses.ts';
import { textListSchema, textSchema } from '../../api/texts.ts';
import type { ReadText, TextList } from '../../api/texts.ts';
import { trajectorySchema } from '../../api/trajectory.ts';
import type { Trajectory } from '../../api/trajectory.ts';
import { askServer, readServer } from './request.ts';
import { isThere } from './snapshot.ts';

/** Where the server answers about one run. */
export const runUrl = (id: string, rest = ''): string =>
  `/api/runs/${encodeURIComponent(id)}${rest}`;

/** Where the events of a run come from, from the next one on. */
export const eventsUrl = (id: string): string => runUrl(id, '/events?from=end');

export const reportUrl = (id: string, format: 'html' | 'json' = 'html'): string =>
  `/runs/${encodeURIComponent(id)}/report.${format}`;

export const tableUrl = (id: string, table: string): string =>
  runUrl(id, `/tables/${table}.parquet`);

export const exportUrl = (id: string): string => runUrl(id, '/export.html');

type Read<T> = (signal: AbortSignal) => Promise<T>;

/** All runs, latest start first. */
export const fetchRuns: Read<RunList> = (signal) => readServer('/api/runs', runListSchema, signal);

/** One run up to now. */
export const fetchRun = (id: string, signal: AbortSignal): Promise<RunDetail> =>
  readServer(runUrl(id), runDetailSchema, signal);

/** Whether stopped runs can be continued from the page. */
export const fetchCanContinue: Read<boolean> = async (signal) =>
  (await readServer('/api/abilities', z.object({ canContinue: z.boolean() }), signal)).canContinue;

export const fetchAudit =
  (id: string): Read<Audit> =>
  (signal) =>
    readServer(runUrl(id, '/audit'), auditSchema, signal);

export const fetchFigures =
  (id: string, search: string): Read<FigureList> =>
  (signal) =>
    readServer(runUrl(id, `/figures?${new URLSearchParams({ search })}`), figureListSchema, signal);

export const fetchPairs =
  (id: string, property: string): Read<PairsOfProperty> =>
  (signal) =>
    readServer(
      runUrl(id, `/replies/${encodeURIComponent(property)}`),
      pairsOfPropertySchema,
      signal,
    );

export const fetchLayers =
  (id: string): Read<Layers> =>
  (signal) =>
    readServer(runUrl(id, '/layers'), layersSchema, signal);

export const fetchTrajectory =
  (id: string): Read<Trajectory> =>
  (signal) =>
    readServer(runUrl(id, '/trajectory'), trajectorySchema, signal);

export const fetchTexts =
  (id: string, query: URLSearchParams): Read<TextList> =>
  (signal) =>
    readServer(runUrl(id, `/texts?${query}`), textListSchema, signal);

export const fetchText =
  (id: string, text: number): Read<ReadText> =>
  (signal) =>
    readServer(runUrl(id, `/texts/${text}`), textSchema, signal);

export const featuresUrl = (id: string, query: URLSearchParams): string =>
  runUrl(id, `/features?${query}`);

export const fetchFeatures =
  (id: string, query: URLSearchParams): Read<FeatureList> =>
  (signal) =>
    readServer(featuresUrl(id, query), featureListSchema, signal);

/** Whether something of a run can be asked for: a static copy has some of it. */
export const hasPart = (id: string, rest = ''): boolean => isThere(runUrl(id, rest));

/** Where runs are put side by side. */
const comparisonUrl = (ids: readonly string[]): string =>
  `/api/compare?${new URLSearchParams(ids.map((id) => ['run', id]))}`;

export const hasComparison = (ids: readonly string[]): boolean => isThere(comparisonUrl(ids));

const featureUrl = (id: string, site: string, index: number): string =>
  runUrl(id, `/features/${encodeURIComponent(site)}/${index}`);

/** Whether a feature can be looked at: a static copy has some. */
export const hasFeature = (id: string, site: string, index: number): boolean =>
  isThere(featureUrl(id, site, index));

export const fetchFeature =
  (id: string, site: string, index: number): Read<Feature> =>
  (signal) =>
    readServer(featureUrl(id, site, index), featureSchema, signal);

export const askFeature = (
  id: string,
  { site, index }: Pick<Feature, 'site' | 'index'>,
  prompt: PlaygroundPrompt,
): Promise<FeatureAnswer> =>
  askServer(`${featureUrl(id, site, index)}/ask`, { prompt }, featureAnswerSchema);

export const fetchComparison =
  (ids: readonly string[]): Read<Comparison> =>
  (signal) =>
    readServer(comparisonUrl(ids), comparisonSchema, signal);

export const stopRun = (id: string): Promise<unknown> =>
  askServer(runUrl(id, '/stop'), {}, z.unknown());

export const continueRun = (id: string): Promise<unknown> =>
  askServer(runUrl(id, '/continue'), {}, z.unknown());

export const askRead = (id: string, prompt: PlaygroundPrompt): Promise<ReadAnswer> =>
  askServer(runUrl(id, '/playground/read'), { prompt }, readAnswerSchema);

export const askContinue = (id: string, request: ContinueRequest): Promise<ContinueAnswer> =>
  askServer(runUrl(id, '/playground/continue'), request, continueAnswerSchema);

export const askEdits = (
  id: string,
  request: { readonly prompt: string; readonly reply: string },
): Promise<EditAnswer> => askServer(runUrl(id, '/playground/edit'), request, editAnswerSchema);
