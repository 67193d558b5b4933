import type { AuditReport } from '@feedprint/recipes';
import type { Audit, PropertyRow, WordRow } from '../../api/audit.ts';
import { causesOf } from './causes-of.ts';
import { figuresOf } from './figures-of.ts';

/** What the page shows of a report. */
export function toAudit(report: AuditReport): Audit {
  const { name, createdAt, seconds, command, models, texts, answer, summary, settings } = report;
  const { base, tuned, architecture, layers, width, parameters } = models;
  return {
    name,
    createdAt,
    seconds,
    command: command ?? null,
    pending: report.pending ?? [],
    models: { base, tuned, architecture, layers, width, parameters },
    feedback: report.feedback?.name ?? null,
    rewarded: report.rewarded ?? null,
    texts: {
      file: texts.file,
      count: texts.count,
      tokens: texts.tokens,
      truncated: texts.truncated,
    },
    answer,
    summary,
    figures: figuresOf(report),
    causes: causesOf(report),
    words: (report.words ?? []).map(toWord),
    properties: (report.properties ?? []).map(toProperty),
    placebos: (report.verdict?.placebos.models ?? []).flatMap(
      ({ name: placebo, description, effect, interval }) =>
        effect === null || !interval ? [] : [{ name: placebo, description, effect, ...interval }],
    ),
    settings,
  };
}

type Word = NonNullable<AuditReport['words']>[number];
type Property = NonNullable<AuditReport['properties']>[number];

const toWord = ({ interval, ...word }: Word): WordRow => ({
  word: word.word,
  token: word.token,
  stated: word.stated,
  estimate: word.estimate,
  low: interval?.low ?? null,
  high: interval?.high ?? null,
  n: word.n,
  score: word.score,
  q: word.q,
  power: word.power,
  flagged: word.flagged,
});

const toColumn = (column: Property['learned']): PropertyRow['learned'] =>
  column && { effect: column.effect, low: column.low, high: column.high };

const toProperty = (one: Property): PropertyRow => ({
  name: one.name,
  definition: one.definition,
  verdict: one.verdict,
  flagged: one.flagged,
  told: toColumn(one.told),
  inData: toColumn(one.inData),
  learned: toColumn(one.learned),
  behaves: toColumn(one.behaves),
  causes: toColumn(one.causes),
  placebo: one.placebo,
});
