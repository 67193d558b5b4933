import type { AuditReport } from '@feedprint/recipes';
import type { Trajectory } from '@feedprint/report';
import type { Figure } from '../../api/audit.ts';

interface Given {
  readonly title: string;
  readonly place: string;
  readonly value: number | null | undefined;
  readonly interval?: { readonly low: number; readonly high: number } | null;
  /** Of the interval, in per cent. Default: 95. */
  readonly level?: number;
  readonly n?: number | null;
  readonly of: string;
}

/** The figures that the answer rests on, those that the report has. */
export function figuresOf(report: AuditReport): Figure[] {
  const { verdict, agreement, validation, replyVerdict, attribution, replies, texts } = report;
  const given: Given[] = [
    {
      title: 'How far what was learned goes along with what was told of words',
      place: 'verdict.words.effect',
      value: verdict?.words.effect,
      interval: verdict?.words.interval ?? null,
      n: verdict?.words.n ?? null,
      of: 'words',
    },
    ...(verdict?.placebos.models ?? []).map(({ name, effect, interval, n }, i) => ({
      title: `The same of a model that never saw the feedback: ${name}`,
      place: `verdict.placebos.models[${i}].effect`,
      value: effect,
      interval,
      n,
      of: 'words',
    })),
    {
      title: 'Nats that replies moved per unit of what was told of them',
      place: 'replies.perStated',
      value: replies?.perStated,
      n: replies?.count ?? null,
      of: 'texts',
    },
    {
      title: 'Rank correlation of estimate and stated feedback (tau-b)',
      place: 'agreement.tauB.value',
      value: agreement?.tauB.value,
      interval: agreement?.tauB.interval ?? null,
      n: agreement?.tauB.n ?? null,
      of: 'words',
    },
    {
      title: 'How much further R is up in the tuned model’s replies than in the base’s',
      place: 'replyVerdict.difference.effect',
      value: replyVerdict?.difference.effect,
      interval: replyVerdict?.difference ?? null,
      level: 90,
      n: replyVerdict?.replies ?? null,
      of: 'replies of each model',
    },
    {
      title: 'Share of the words’ shifts that the kept features explain',
      place: 'attribution.explained',
      value: attribution?.explained,
      n: attribution?.positions ?? null,
      of: 'positions',
    },
    {
      title: 'Odds that related features are active on strongly rewarded tokens',
      place: 'validation.enrichment.oddsRatio',
      value: validation?.enrichment?.oddsRatio,
      n: validation?.enrichment?.n ?? null,
      of: 'rows',
    },
    { title: 'Tokens that were read', place: 'texts.tokens', value: texts.tokens, of: '' },
  ];
  return given.flatMap(({ value, interval = null, level = 95, n = null, ...rest }) =>
    typeof value !== 'number'
      ? []
      : [
          {
            ...rest,
            value,
            interval: interval && { low: interval.low, high: interval.high, level },
            n,
            ...sqlOf(rest.place),
          },
        ],
  );
}

/** The figures of a trajectory, counted in its table. */
export function figuresOfTrajectory({ items, alarm, looks }: Trajectory): Figure[] {
  const counted = (title: string, where: string, value: number): Figure => ({
    ...{ title, value, interval: null, n: looks.length, of: 'looks', table: 'trajectory' },
    place: `items, ${where}`,
    sql: `SELECT count(DISTINCT (kind, name)) FROM 'tables/trajectory.parquet' WHERE ${where}`,
  });
  const beyond = items.filter((item) => item.beyond);
  const said = looks.at(-1)?.difference ?? null;
  const place = `looks[${looks.length - 1}].difference`;
  return [
    counted('Words and properties that some look found learned', 'learned', items.length),
    counted('Of these, beyond what was told', 'beyond', beyond.length),
    ...(alarm
      ? [
          {
            ...{ title: 'Step at which the alarm was raised', place: 'alarm.step' },
            ...{ value: alarm.step, interval: null, n: null, of: '', ...sqlOf('alarm.step') },
          },
        ]
      : []),
    ...(said === null
      ? []
      : [
          {
            title: 'How much further R is up in the last model’s replies than in the base’s',
            ...{ place, value: said, interval: null, n: null, of: '', ...sqlOf(place) },
          },
        ]),
  ];
}

/** Every number of the report is in the table `figures`, by its place. */
export const sqlOf = (place: string): Pick<Figure, 'sql' | 'table'> => ({
  table: 'figures',
  sql: `SELECT value FROM 'tables/figures.parquet' WHERE figure = '${place}'`,
});
