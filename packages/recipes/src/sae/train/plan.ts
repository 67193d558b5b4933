import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, SaeTrainer, Site } from '@feedprint/core';
import { checkStart, saeTrainingSettingsSchema } from '@feedprint/sae';
import { z } from 'zod';
import type { PlannedSae, StartingSae } from '../context.ts';
import { unitsOf } from '../models.ts';
import type { RowKind } from '../rows.ts';
import { sparsityOf } from './kinds.ts';

const { shape } = saeTrainingSettingsSchema;

/** What a trainer must state in its settings. */
const trainerSettingsSchema = z.looseObject({
  kind: shape.kind.unwrap(),
  tokens: shape.tokens.unwrap(),
  batchRows: shape.batchRows.unwrap(),
  k: shape.k.unwrap().optional(),
  l1: shape.l1.unwrap().optional(),
  l0: shape.l0.unwrap().optional(),
});
export type TrainerSettings = z.infer<typeof trainerSettingsSchema>;

/** Throws `config-invalid` for a trainer that does not state what it trains and on how many rows. */
export function trainerSettings({ name, settings }: SaeTrainer): TrainerSettings {
  const parsed = trainerSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the settings of the trainer ${name}: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'state kind, tokens and batchRows, as createSaeTrainer does',
    cause: parsed.error,
  });
}

/** SAEs to train: one per combination of the lists. */
export interface SaeGrid {
  readonly sites: readonly Site[];
  /** Numbers of features. Default: as many as the SAE to start from has, otherwise 8 times the site's units. */
  readonly widths?: readonly number[] | undefined;
  /** Values of the setting that makes the kind sparse (`sparsityOf`). Default: the trainer's own. */
  readonly sparsity?: readonly number[] | undefined;
}

/** Default number of features, as a multiple of the site's units. */
const EXPANSION = 8;

export interface PlanOptions {
  readonly model: LanguageModel;
  readonly rows: RowKind;
  readonly trainer: TrainerSettings;
  readonly start?: StartingSae | undefined;
}

/**
 * The SAEs of a grid, named by what varies. Throws `usage` for an empty grid and for more active features than there
 * are, `config-invalid` or `shape-mismatch` unless all can start from the given SAE.
 */
export function planSaes(
  { sites, widths, sparsity }: SaeGrid,
  { model, rows, trainer, start }: PlanOptions,
): PlannedSae[] {
  const name = sparsityOf[trainer.kind];
  const values = sparsity ?? [trainer[name]].filter((value) => value !== undefined);
  const saes = sites.flatMap((site) =>
    values.flatMap((value) =>
      (widths ?? [start?.sae.dSae ?? EXPANSION * unitsOf(model, site)]).map((dSae) => ({
        name: nameOf([
          [site, sites],
          [`${name}=${value}`, values],
          [`width=${dSae}`, widths],
        ]),
        site,
        dSae,
        settings: { [name]: value },
      })),
    ),
  );
  if (saes.length === 0) throw usage('there is no SAE to train', `pass sites, widths and ${name}`);
  for (const sae of saes) checkPlanned(sae, { model, rows, trainer, start });
  return saes;
}

/** The value of each list that varies. */
const nameOf = (
  parts: readonly (readonly [value: string, list: readonly unknown[] | undefined])[],
): string =>
  parts
    .filter(([, list]) => (list?.length ?? 1) > 1)
    .map(([value]) => value)
    .join(',') || 'sae';

function checkPlanned(
  { site, dSae, settings: { k } }: PlannedSae,
  { model, rows, trainer: { kind }, start }: PlanOptions,
): void {
  if (k !== undefined && k > dSae) {
    throw usage(
      `k = ${k} active features are more than the ${dSae} of the SAE`,
      'lower k or raise the width',
    );
  }
  if (!start) return;
  const dIn = (rows === 'pair' ? 2 : 1) * unitsOf(model, site);
  checkStart(start.sae, { kind, site, dIn, dSae });
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
