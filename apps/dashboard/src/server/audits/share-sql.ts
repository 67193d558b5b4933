export type SharedModel = 'base' | 'tuned';

interface SharedIntervention {
  /** As the table `interventions` names it. */
  readonly name: string;
  /** Site whose activations are exchanged as a whole: what shares are of. */
  readonly last: string;
  readonly model: SharedModel;
}

/** How much of what all activations after the last block do an intervention does, from the run's tables. */
export const shareSql = ({ name, last, model }: SharedIntervention): string =>
  `WITH means AS (
  SELECT intervention, sum(expected) / sum(positions) AS mean FROM 'tables/interventions.parquet'
  WHERE model = '${model}' GROUP BY intervention
), ends AS (
  SELECT max(mean) FILTER (WHERE intervention = 'none') AS plain,
    max(mean) FILTER (WHERE intervention = ${quoted(`${last}: all`)}) AS whole FROM means
)
SELECT (mean - plain) / (whole - plain) AS value FROM means, ends
WHERE intervention = ${quoted(name)}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
