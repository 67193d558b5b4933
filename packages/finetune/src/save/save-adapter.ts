import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { linearLayers } from '@feedprint/activations/forward';
import { writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';
import { replaceFile } from '@feedprint/core/files';
import type { Value } from '@feedprint/graph';
import { hasEnd, moduleOf } from '../parameters/lora.ts';
import type { LoraLayer } from '../parameters/lora.ts';
import type { LoraSettings } from '../parameters/trainable.ts';
import { copyCompanions, prepareFolder } from './save-model.ts';

export interface SaveAdapterOptions {
  readonly model: CheckpointModel;
  readonly settings: LoraSettings;
  readonly layers: ReadonlyMap<string, LoraLayer>;
  /** A factor by its name. */
  readonly factor: (name: string) => Value;
}

/** Writes low-rank updates as an adapter that `peft` loads onto the base. Throws `output-unwritable`. */
export async function saveAdapter(
  { model, settings, layers, factor }: SaveAdapterOptions,
  folder: string,
): Promise<void> {
  const { checkpoint } = model;
  const tensors: Record<string, TensorToWrite> = {};
  for (const { a, b } of layers.values()) {
    for (const name of [a, b]) {
      const { data, shape } = factor(name);
      tensors[`base_model.model.${name}`] = { shape, data: data as Float32Array };
    }
  }
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: checkpoint.folder,
    r: settings.rank,
    lora_alpha: settings.alpha,
    lora_dropout: 0,
    bias: 'none',
    target_modules: targetModules(model, layers),
    fan_in_fan_out: [...layers.values()].every(({ inputFirst }) => inputFirst),
    init_lora_weights: true,
    inference_mode: true,
  };
  await prepareFolder(folder);
  copyCompanions(checkpoint.folder, folder);
  await replaceFile(join(folder, 'adapter_config.json'), (aside) =>
    writeFile(aside, `${JSON.stringify(config, null, 2)}\n`),
  );
  await replaceFile(join(folder, 'adapter_model.safetensors'), (aside) =>
    writeSafetensors(aside, tensors, { format: 'pt' }),
  );
}

/** Last parts of the adapted modules' names, if those name just them; else their whole names. */
function targetModules(
  { checkpoint }: CheckpointModel,
  layers: ReadonlyMap<string, LoraLayer>,
): string[] {
  const modules = [...layers.keys()].map((weight) => moduleOf({ weight }));
  const ends = [...new Set(modules.map((module) => module.slice(module.lastIndexOf('.') + 1)))];
  const named = linearLayers(checkpoint.decoder).filter(({ weight }) =>
    ends.some((end) => hasEnd(weight, end)),
  );
  return named.length === modules.length ? ends : modules;
}
