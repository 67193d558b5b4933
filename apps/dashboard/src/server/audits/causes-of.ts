import type { AuditReport } from '@feedprint/recipes';
import { causeCriteria } from '@feedprint/report/chapters/causes';
import type { Audit, Figure } from '../../api/audit.ts';
import { sqlOf } from './figures-of.ts';
import { shareSql } from './share-sql.ts';
import type { SharedModel } from './share-sql.ts';

type Causes = NonNullable<AuditReport['causes']>;
type Share = Causes['layers'][number]['direction']['necessity'];
type Group = NonNullable<Audit['causes']>['groups'][number];

/** What the report knows of causes: the candidates with their figures, and what each is held against. */
export function causesOf(report: AuditReport): Audit['causes'] {
  const { causes } = report;
  const edits = editsOf(report);
  const directions = causes ? directionsOf(causes) : [];
  if (!causes && edits.length === 0) return null;
  const { chosen = null, verdict = null } = causes ?? {};
  return {
    candidate: chosen && `One direction of the residual stream after layer ${chosen.layer}`,
    holds: verdict?.holds ?? null,
    criteria: (verdict?.criteria ?? []).map(({ criterion, ...rest }) => ({
      asks: causeCriteria[criterion].asks,
      ...rest,
    })),
    groups: [...directions, ...edits].filter(({ figures }) => figures.length > 0),
  };
}

function directionsOf(causes: Causes): Group[] {
  const { layers, chosen, shift, methods, siblings, controls, difference, texts, tokens } = causes;
  const last = layers.at(-1)?.site;
  const n = texts.test;
  const data = {
    view: 'texts',
    name: null,
    what: 'the texts that interventions were tried on',
  } as const;
  const shared = (
    given: { readonly title: string; readonly place: string; readonly name: string },
    { value, interval }: Share,
    model: SharedModel,
  ): Figure => ({
    ...{ title: given.title, place: given.place, value },
    ...{ interval: interval && { ...interval, level: 95 }, n, of: 'texts', data },
    ...{ table: 'interventions', sql: shareSql({ name: given.name, last: last ?? '', model }) },
  });
  const both = (
    title: string,
    { place, name }: { readonly place: string; readonly name: string },
    { necessity, sufficiency }: { readonly necessity: Share; readonly sufficiency: Share },
  ): Figure[] => [
    shared(
      {
        title: `${title}: lost by the tuned model without it`,
        place: `${place}.necessity.value`,
        name,
      },
      necessity,
      'tuned',
    ),
    shared(
      { title: `${title}: gained by the base with it`, place: `${place}.sufficiency.value`, name },
      sufficiency,
      'base',
    ),
  ];
  const atLayer = ({ site, layer, direction }: Causes['layers'][number]): Figure[] =>
    both(
      `Direction after layer ${layer}`,
      {
        place: `causes.layers[${layers.findIndex((each) => each.site === site)}].direction`,
        name: `${site}: direction`,
      },
      direction,
    );
  const shifts = [
    ['whole', 'Change of the feedback expected for the next token, between the models'],
    ['tuned', 'Of it, lost by the tuned model with the base’s activations after the last block'],
    ['base', 'Of it, gained by the base with the tuned model’s'],
  ] as const;
  return [
    {
      title: 'What a cause is sought for',
      figures: shifts.map(([of, title]) =>
        plain(title, `causes.shift.${of}.value`, shift[of], { n, of: 'texts', data }),
      ),
    },
    {
      title: 'The candidate',
      figures: [
        ...layers.filter(({ layer }) => layer === chosen?.layer).flatMap(atLayer),
        ...(difference
          ? [
              plain(
                'Undone by holding it at the base’s mean, more than the same does in the base',
                'causes.difference.value',
                difference,
                { n, of: 'texts', data },
              ),
            ]
          : []),
      ],
    },
    {
      title: 'What it is held against: random directions with edits as large',
      figures: controls.flatMap(({ family, draws, necessity, sufficiency }, i) =>
        (['necessity', 'sufficiency'] as const).map((share) => ({
          title: `99th percentile of ${families[family]}: ${share === 'necessity' ? 'lost by the tuned model' : 'gained by the base'}`,
          place: `causes.controls[${i}].${share}.high`,
          value: { necessity, sufficiency }[share].high,
          ...{
            interval: null,
            n: draws,
            of: `draws on ${tokens.beside} tokens`,
            table: 'random-directions',
          },
          sql: `SELECT quantile_cont(${share}, 0.99) AS value FROM 'tables/random-directions.parquet' WHERE family = '${family}'`,
        })),
      ),
    },
    {
      title: 'Other candidates: the direction at other layers',
      figures: layers.filter(({ layer }) => layer !== chosen?.layer).flatMap(atLayer),
    },
    {
      title: 'Other candidates: other ways of choosing, at the end of the last block',
      figures: methods.flatMap(({ method, directions, ...shares }, i) =>
        both(
          `${directions === 1 ? 'One' : directions} by ${method}`,
          { place: `causes.methods[${i}]`, name: `${method}, ${directions}` },
          shares,
        ),
      ),
    },
    {
      title: 'Directions of other tunings on the same feedback',
      figures: siblings.flatMap(({ name, ...shares }, i) =>
        both(name, { place: `causes.siblings[${i}]`, name: `direction of ${name}` }, shares),
      ),
    },
  ];
}

const families = {
  any: 'random directions',
  difference: 'random mixtures of the differences',
} as const;

/** Of replies: what changing one property alone does to R. */
const editsOf = ({ properties }: AuditReport): Group[] => [
  {
    title: 'Edits of replies: change of R, nats per standard deviation of the property alone',
    figures: (properties ?? []).flatMap(({ name, causes, flagged }, i) =>
      causes && flagged
        ? [
            plain(
              name.replaceAll('-', ' '),
              `properties[${i}].causes.effect`,
              { value: causes.effect, interval: causes },
              {
                ...{ n: causes.n, of: 'edited replies', level: 90 },
                data: { view: 'replies', name, what: 'the pairs that taught it' },
              },
            ),
          ]
        : [],
    ),
  },
];

interface Beside extends Pick<Figure, 'n' | 'of' | 'data'> {
  readonly level?: number;
}

/** A figure that the table `figures` has. */
const plain = (
  title: string,
  place: string,
  {
    value,
    interval,
  }: {
    readonly value: number;
    readonly interval: { readonly low: number; readonly high: number } | null;
  },
  { level = 95, ...beside }: Beside,
): Figure => ({
  ...{ title, place, value, ...beside, ...sqlOf(place) },
  interval: interval && { low: interval.low, high: interval.high, level },
});
