import type { LayerDivergence, StatedLine } from '@feedprint/core';
import { auditReport } from '@feedprint/report';
import type { AuditReport } from '@feedprint/report';
import { readChangeAttribution } from './change-attribution/change-attribution.ts';
import type { AuditArtifacts, AuditContext } from './context.ts';
import { readChanges } from './changes/changes.ts';
import { readContrastSummary } from './contrast.ts';
import { readAttribution } from './attribute.ts';
import type { AuditAttribution } from './attribute.ts';
import { readEstimate } from './estimate.ts';
import { readFeatureDiscrepancies } from './feature-discrepancies.ts';
import type { AuditFeatureDiscrepancies } from './feature-discrepancies.ts';
import { known } from './files.ts';
import { heatTexts } from './heat-texts.ts';
import { tracedIntervals } from './interval-tables.ts';
import type { TracedInterval } from './interval-tables.ts';
import { readLabels } from './label.ts';
import { readMatches } from './match.ts';
import { reportReplies } from './replies-report.ts';
import { readShift } from './shift.ts';
import { readTraining } from './train-saes.ts';
import type { SaeTraining } from './train-saes.ts';
import { readValidation } from './validate.ts';

/** Facts about the run that no stage computes. */
export interface ReportFacts {
  readonly feedprint: string;
  readonly name: string;
  readonly createdAt: string;
  readonly seconds: number;
  readonly parameters: number;
  readonly textsFile: string;
  readonly truncated: number;
  readonly unscoredWords: number;
  readonly scoredTokens: number;
  readonly divergence: readonly LayerDivergence[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly preferences: AuditReport['preferences'];
}

/** Puts what the stages found together as the report, and lists the intervals that keep what they were read from. */
export async function assembleReport(
  context: AuditContext,
  artifacts: AuditArtifacts,
  facts: ReportFacts,
): Promise<{ readonly report: AuditReport; readonly intervals: readonly TracedInterval[] }> {
  const { models, parts, rows, sites } = context;
  const estimate = await readEstimate(artifacts.estimate);
  const attribution = await readAttribution(artifacts.attribute);
  const change = await readChangeAttribution(artifacts.change);
  const differentiable = change.sites.length > 0;
  const contradicting = await readFeatureDiscrepancies(artifacts.contradicting);
  const labels = await readLabels(artifacts.label);
  const validation = await readValidation(artifacts.validate);
  const trainings = await Promise.all([...artifacts.saes.values()].map(readTraining));
  const {
    word: _versions,
    dropped: _dropped,
    ...contrast
  } = await readContrastSummary(artifacts.contrast);
  const main = known(estimate.estimators[0], 'the main estimator');
  const kept = new Set(sites.map(({ layer }) => layer));
  const { features: perFeature, ...validated } = validation;
  const report: Omit<AuditReport, 'summary'> = {
    schema: 'feedprint-report/1',
    feedprint: facts.feedprint,
    name: facts.name,
    createdAt: facts.createdAt,
    seconds: facts.seconds,
    models: {
      base: models.base.name,
      tuned: models.tuned.name,
      architecture: models.tuned.info.architecture,
      layers: models.tuned.info.layers,
      width: models.tuned.info.width,
      parameters: facts.parameters,
      baseFingerprint: models.base.fingerprint,
      tunedFingerprint: models.tuned.fingerprint,
    },
    feedback: { name: parts.signal.name, range: [...parts.signal.range] },
    texts: {
      file: facts.textsFile,
      count: rows.length,
      tokens: rows.reduce((sum, { length }) => sum + length, 0),
      truncated: facts.truncated,
      scoredTokens: facts.scoredTokens,
      unscoredWords: facts.unscoredWords,
    },
    settings: { ...facts.settings },
    divergence: facts.divergence.map((layer) => ({ ...layer, kept: kept.has(layer.layer) })),
    saes: trainings.map(saeReport),
    matching: (await readMatches(artifacts.match)).map(
      ({ site, baseTuned, smallLarge, kept: features }) => ({
        site,
        baseTuned,
        smallLarge,
        kept: features.length,
      }),
    ),
    attribution: {
      shift: attribution.shift,
      explained: attribution.explained,
      explainedBase: attribution.explainedBase,
      features: attribution.features.length,
      positions: attribution.positions,
      change: differentiable
        ? { windows: change.windows, shift: change.shift, sites: [...change.sites] }
        : null,
      contradicting: {
        words: contradicting.words,
        tested: contradicting.features.length,
        flagged: contradicting.features.filter(({ flagged }) => flagged).length,
      },
    },
    contrast,
    agreement: main,
    estimators: [...estimate.estimators],
    line: estimate.line && lineReport(estimate.line),
    words: wordReports(estimate.words, attribution.words),
    features: labels.map((label) => {
      const tested = known(perFeature[label.id], label.id);
      const training = trainings.find(
        ({ role, size, site }) => role === 'tuned' && size === 'small' && site === label.site,
      );
      return {
        id: label.id,
        site: label.site,
        index: label.feature,
        density: training?.metrics.density[label.feature] ?? 0,
        matchedBase: label.matchedBase,
        matchedLarge: label.matchedLarge,
        carries: label.carries,
        carriesBase: label.carriesBase,
        change: differentiable ? label.change : null,
        onFeedback: label.onFeedback,
        label: label.label,
        related: label.related,
        labelScore: label.labelScore,
        oddsRatio: tested.oddsRatio,
        fisherP: tested.p,
        activity: tested.table,
        enrichmentControl: tested.control,
        ablationEffect: tested.ablationEffect,
        discrepancy: discrepancyOf(contradicting, label.id),
        examples: label.examples.map(({ tokens, activations }) => ({
          tokens: [...tokens],
          activations: [...activations],
        })),
      };
    }),
    heatTexts: heatTexts(context, artifacts.capture, estimate.words),
    validation: validated,
    ...(artifacts.changes && { changes: (await readChanges(artifacts.changes)).report }),
    replies: await reportReplies(context, artifacts),
    preferences: facts.preferences,
    ...(artifacts.shift && { shift: (await readShift(artifacts.shift)).report }),
  };
  return {
    report: auditReport.schema.parse({ ...report, summary: auditReport.summarize(report) }),
    intervals: tracedIntervals(report),
  };
}

function saeReport({
  role,
  site,
  dSae,
  kind,
  curve,
  metrics,
}: SaeTraining): AuditReport['saes'][number] {
  return {
    model: role,
    site,
    dSae,
    kind,
    curve: curve.map(({ step, mse, l0, loss }) => ({ step, mse, l0, loss })),
    fvu: metrics.fvu,
    l0: metrics.l0,
    alive: metrics.alive,
  };
}

function lineReport({ coefficients, spread }: StatedLine): AuditReport['line'] {
  const [intercept, stated, statedByFrequency, frequency] = coefficients;
  return { intercept, stated, statedByFrequency, frequency, spread };
}

function discrepancyOf(
  { features }: AuditFeatureDiscrepancies,
  id: string,
): AuditReport['features'][number]['discrepancy'] {
  const found = features.find((feature) => feature.id === id);
  const { id: _, words, texts, ...figures } = known(found, id);
  return {
    ...figures,
    words: [...words],
    texts: texts.map(({ tokens, activations, ...place }) => ({
      ...place,
      tokens: [...tokens],
      activations: [...activations],
    })),
  };
}

type Estimated = Awaited<ReturnType<typeof readEstimate>>['words'];

function wordReports(words: Estimated, features: AuditAttribution['words']): AuditReport['words'] {
  return words
    .map((word, i) => ({
      word: word.word,
      token: word.token,
      stated: word.stated,
      estimate: word.estimate,
      interval: word.interval,
      n: word.n,
      expected: word.expected,
      score: word.score,
      p: word.p,
      q: word.q,
      flagged: word.flagged,
      features: [...(features[i] ?? [])],
    }))
    .sort((a, b) => b.score - a.score || a.token - b.token);
}
