import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SparseAutoencoder } from '@feedprint/core';
import type { PlannedSae, SaeContext } from './context.ts';
import type { EvaluatedSaes, MeasuredSae } from './evaluate/evaluated-saes.ts';
import type { TrainedSaes } from './trained-saes.ts';

/** A trained SAE in its final place. */
export interface PublishedSae extends MeasuredSae {
  readonly name: string;
  readonly folder: string;
  readonly site: string;
  readonly kind: string;
  readonly dIn: number;
  readonly dSae: number;
}

/** What the run's stages left. */
interface MadeSaes {
  readonly trained: TrainedSaes;
  readonly evaluated: EvaluatedSaes;
}

/** `cfg.json` comes last: it shows that the others are there. */
const files = ['sae_weights.safetensors', 'sparsity.safetensors', 'metrics.json', 'cfg.json'];

/** Puts each SAE and its metrics into `out` or, if there are several, into a folder of its name there. */
export async function publishSaes(
  context: SaeContext,
  { trained, evaluated }: MadeSaes,
  { out, run }: { readonly out: string; readonly run: string },
): Promise<PublishedSae[]> {
  const { saes, format } = context;
  const published: PublishedSae[] = [];
  for (const planned of saes) {
    const { name, site, dSae } = planned;
    const folder = saes.length > 1 ? join(out, name) : out;
    const measured = evaluated.measured[name] as MeasuredSae;
    const sae = await trained.load(name);
    const { kind, dIn } = sae;
    // On the same disk, so that renaming is possible; removed at the next start if this one is killed.
    const aside = await mkdtemp(join(run, '.tmp-publish-'));
    await format.save(sae, aside, evaluated.density(name));
    const described = describe(context, planned, { sae, measured, curve: trained.curves[name] });
    await sae.dispose();
    await writeFile(join(aside, 'metrics.json'), `${JSON.stringify(described, null, 1)}\n`);
    await mkdir(folder, { recursive: true });
    for (const file of files) await rename(join(aside, file), join(folder, file));
    await rm(aside, { recursive: true });
    published.push({ name, folder, site, kind, dIn, dSae, ...measured });
  }
  return published;
}

/** Contents of metrics.json. */
const describe = (
  { settings, error, start, texts, textsName, heldOut }: SaeContext,
  planned: PlannedSae,
  {
    sae: { kind, dIn },
    measured: { metrics, inModel, owners },
    curve,
  }: {
    readonly sae: SparseAutoencoder;
    readonly measured: MeasuredSae;
    readonly curve: TrainedSaes['curves'][string] | undefined;
  },
): unknown => ({
  site: planned.site,
  kind,
  dIn,
  dSae: planned.dSae,
  settings: { ...settings, ...planned.settings },
  ...(error !== 'plain' && { error }),
  ...(start && { from: start.fingerprint }),
  trained: { texts: texts.length, file: textsName },
  heldOut: { texts: heldOut.length, rows: metrics.rows },
  metrics,
  inModel,
  owners,
  curve,
});
