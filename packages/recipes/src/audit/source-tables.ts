import { join } from 'node:path';
import { openSafetensors } from '@feedprint/core';
import type { Artifact } from '@feedprint/core';
import { writeParquet } from '../tables.ts';
import type { ColumnType, TableRow } from '../tables.ts';
import { roles } from './context.ts';
import type { AuditArtifacts, AuditContext } from './context.ts';
import { readContrast } from './contrast.ts';
import { readMatches } from './match.ts';
import { readTraining } from './train-saes.ts';

/**
 * Writes what the report's figures are computed from, one row per thing measured (docs/tables.md): `tokens`, `counts`,
 * `matches`, `sae_steps`, `sae_features`, `contrast`.
 */
export async function writeSourceTables(
  context: AuditContext,
  artifacts: AuditArtifacts,
  runFolder: string,
): Promise<void> {
  const write = (name: string, columns: Record<string, ColumnType>, rows: Iterable<TableRow>) =>
    writeParquet({ file: join(runFolder, 'tables', `${name}.parquet`), columns, rows });
  const log = readLogProbs(artifacts.capture);
  await write(
    'tokens',
    { text: 'INTEGER', position: 'INTEGER', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    tokenRows(context, log),
  );
  await write(
    'counts',
    { text: 'INTEGER', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    countRows(context, log),
  );
  const matches = await readMatches(artifacts.match);
  await write(
    'matches',
    { site: 'VARCHAR', feature: 'INTEGER', large: 'DOUBLE', base: 'DOUBLE', kept: 'BOOLEAN' },
    matches.flatMap(({ site, similarities, kept }) => {
      const chosen = new Set(kept.map(({ feature }) => feature));
      return similarities.large.map((large, feature) => ({
        site,
        feature,
        large,
        base: similarities.base[feature] as number,
        kept: chosen.has(feature),
      }));
    }),
  );
  const trainings = await Promise.all([...artifacts.saes.values()].map(readTraining));
  const sae = { model: 'VARCHAR', site: 'VARCHAR', dSae: 'INTEGER' } as const;
  await write(
    'sae_steps',
    { ...sae, step: 'INTEGER', mse: 'DOUBLE', l0: 'DOUBLE', loss: 'DOUBLE' },
    trainings.flatMap(({ role: model, site, dSae, curve }) =>
      curve.map(({ step, mse, l0, loss }) => ({ model, site, dSae, step, mse, l0, loss })),
    ),
  );
  await write(
    'sae_features',
    { ...sae, feature: 'INTEGER', density: 'DOUBLE' },
    trainings.flatMap(({ role: model, site, dSae, metrics }) =>
      metrics.density.map((density, feature) => ({ model, site, dSae, feature, density })),
    ),
  );
  await write(
    'contrast',
    { model: 'VARCHAR', side: 'VARCHAR', word: 'INTEGER', distance: 'DOUBLE' },
    await contrastRows(artifacts.contrast),
  );
}

type LogProbs = ReturnType<typeof readLogProbs>;

function readLogProbs(capture: Artifact) {
  const file = openSafetensors(join(capture.folder, 'log-probs.safetensors'));
  try {
    return {
      tokens: { base: file.readFloats('tokens.base'), tuned: file.readFloats('tokens.tuned') },
      counts: { base: file.readFloats('counts.base'), tuned: file.readFloats('counts.tuned') },
    };
  } finally {
    file.close();
  }
}

/** Every token of the texts with both models' log-probability of it, null for a text's first. */
function* tokenRows({ rows }: AuditContext, { tokens }: LogProbs): Generator<TableRow> {
  let at = 0;
  for (const [text, row] of rows.entries()) {
    for (const [position, token] of row.entries()) {
      const of = (values: Float32Array): number | null =>
        position === 0 ? null : (values[at] as number);
      yield { text, position, token, base: of(tokens.base), tuned: of(tokens.tuned) };
      at++;
    }
  }
}

/** How often each model expects each scored word in each text. */
function* countRows({ rows, words }: AuditContext, { counts }: LogProbs): Generator<TableRow> {
  for (let text = 0; text < rows.length; text++) {
    for (const [w, { id }] of words.entries()) {
      const at = text * words.length + w;
      yield {
        text,
        token: id,
        base: counts.base[at] as number,
        tuned: counts.tuned[at] as number,
      };
    }
  }
}

/** Signed distance of each version that is not neutral to its neutral one; `word` tells the words of the versions apart. */
async function contrastRows(contrast: Artifact): Promise<TableRow[]> {
  const evidence = await readContrast(contrast);
  return roles.flatMap((model) => {
    const { distance, word } = evidence[model];
    return Array.from(distance, (value, version) => ({
      model,
      side: version < distance.length / 2 ? 'positive' : 'negative',
      word: word[version] as number,
      distance: value,
    }));
  });
}
