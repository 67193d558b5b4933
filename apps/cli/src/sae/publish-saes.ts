import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors } from '@feedprint/core';
import type { Artifact } from '@feedprint/core';
import { densityFile, readMeasured } from './evaluate-saes.ts';
import type { Measured } from './evaluate-saes.ts';
import { curvesFile } from './train-saes.ts';
import type { Curves, TrainingTask } from './train-saes.ts';

/** A trained SAE in its final place. */
export interface PublishedSae extends Measured {
  readonly name: string;
  readonly folder: string;
  readonly site: string;
  readonly kind: string;
  readonly dIn: number;
  readonly dSae: number;
}

/** What of a task is written beside its SAEs. */
export type PublishingTask = Pick<
  TrainingTask,
  'saes' | 'format' | 'store' | 'heldOut' | 'texts' | 'inputs' | 'error' | 'start'
> & { readonly trainer: Pick<TrainingTask['trainer'], 'settings'> };

/** `cfg.json` last: it says that the others are there. */
const files = ['sae_weights.safetensors', 'sparsity.safetensors', 'metrics.json', 'cfg.json'];

/** Puts each SAE and what was measured into `out`, or, of several, into a folder of its name there. */
export async function publishSaes(
  { saes, format, store, heldOut, texts, trainer, inputs, error, start }: PublishingTask,
  { trained, evaluated }: { readonly trained: Artifact; readonly evaluated: Artifact },
  out: string,
): Promise<PublishedSae[]> {
  const measured = await readMeasured(evaluated);
  const curves = JSON.parse(await readFile(curvesFile(trained), 'utf8')) as Curves;
  const densities = openSafetensors(densityFile(evaluated));
  const published: PublishedSae[] = [];
  try {
    for (const { name, site, dSae, settings } of saes) {
      const folder = saes.length > 1 ? join(out, name) : out;
      const sae = await format.load(join(trained.folder, name));
      const { metrics, inModel, owners } = measured[name] as Measured;
      // On the same disk, so that renaming is possible; removed at the next start if this one is killed.
      const aside = await mkdtemp(join(store.folder, '.tmp-publish-'));
      await format.save(sae, aside, densities.readFloats(name));
      const described = {
        site,
        kind: sae.kind,
        dIn: sae.dIn,
        dSae,
        settings: { ...trainer.settings, ...settings },
        ...(error !== 'plain' && { error }),
        ...(start && { from: start.fingerprint }),
        trained: { texts: texts.length, file: inputs.file },
        heldOut: { texts: heldOut.length, rows: metrics.rows },
        metrics,
        inModel,
        owners,
        curve: curves[name],
      };
      await writeFile(join(aside, 'metrics.json'), `${JSON.stringify(described, null, 1)}\n`);
      await mkdir(folder, { recursive: true });
      for (const file of files) await rename(join(aside, file), join(folder, file));
      await rm(aside, { recursive: true });
      published.push({
        name,
        folder,
        site,
        kind: sae.kind,
        dIn: sae.dIn,
        dSae,
        metrics,
        inModel,
        owners,
      });
      await sae.dispose();
    }
  } finally {
    densities.close();
  }
  return published;
}
