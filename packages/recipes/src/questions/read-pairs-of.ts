import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { query } from '@feedprint/pipeline';
import type { AuditReport } from '../audit/audit-report.ts';
import { readAuditReport } from '../audit/read-report.ts';

/** A pair that differs in a property. */
export interface ShownPair {
  /** Index in the file of pairs. */
  readonly pair: number;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  /** Of the property, preferred minus other reply. */
  readonly difference: number;
  /**
   * How much of the property's effect on the labels would be gone without the pair, logits per standard deviation; null
   * for a property that was not flagged.
   */
  readonly influence: number | null;
  /** R of either reply, nats; null where the run did not measure it. */
  readonly chosenR: number | null;
  readonly rejectedR: number | null;
}

type Judged = NonNullable<AuditReport['properties']>[number];

export interface ShownProperty extends Pick<Judged, 'name' | 'definition' | 'verdict'> {
  readonly inData: number | null;
  readonly learned: number | null;
  readonly pairs: readonly ShownPair[];
}

/**
 * The pairs of an audit that differ in a property the way that was learned (the way that labels reward, if that is not
 * known): those that taught it most first; of a property that was not flagged, those furthest apart. Throws `run-invalid`
 * for a run without them, `usage` for a property that it did not measure.
 */
export async function readPairsOf(run: string, name: string, top: number): Promise<ShownProperty> {
  const report = await readAuditReport(run);
  const file = (table: string): string => join(run, 'tables', `${table}.parquet`);
  if (!report.properties || !existsSync(file('pair_properties'))) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `the run ${run} has judged no properties of replies`,
      remedy: 'audit preference pairs (feedprint audit --pairs)',
    });
  }
  const property = report.properties.find((each) => each.name === name);
  if (!property) {
    throw new FeedprintError({
      code: 'usage',
      message: `the run ${run} has not measured "${name}"`,
      remedy: `name one of ${report.properties.map((each) => each.name).join(', ')}`,
    });
  }
  const effect = property.learned?.effect ?? property.inData?.effect ?? 1;
  const rows = await query({
    tables: { pairs: file('pair_properties'), teaching: file('teaching_pairs') },
    sql: pairsBy(name.replaceAll('"', '""')),
    parameters: [Math.sign(effect), name, top],
  });
  return {
    name,
    definition: property.definition,
    verdict: property.verdict,
    inData: property.inData?.effect ?? null,
    learned: property.learned?.effect ?? null,
    pairs: rows as unknown as ShownPair[],
  };
}

/** `name` is that of a property, safe between double quotes. */
const pairsBy = (name: string): string => `
  SELECT c.pair, c.prompt_text AS prompt, c.reply AS chosen, r.reply AS rejected,
    c."${name}" - r."${name}" AS difference, t.influence, t.chosenR, t.rejectedR
  FROM (FROM pairs WHERE side = 'chosen') c
  JOIN (FROM pairs WHERE side = 'rejected') r USING (pair)
  LEFT JOIN teaching t ON t.pair = c.pair AND t.property = $2
  WHERE NOT c.tie AND (c."${name}" - r."${name}") * $1 > 0
    AND coalesce(t.influence * $1 > 0, true)
  ORDER BY abs(t.influence) DESC NULLS LAST, abs(c."${name}" - r."${name}") DESC, c.pair
  LIMIT $3`;
