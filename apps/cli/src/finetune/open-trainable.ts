import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import { openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';

/** Loads a language model that can be fine-tuned. Throws what `openModel` throws, and `usage` for any other model. */
export async function openTrainable(
  name: string,
  flags: Pick<ModelFlags, 'threads'> & Partial<ModelFlags>,
): Promise<CheckpointModel> {
  const model = await openModel(name, flags);
  if ('checkpoint' in model && !model.info.labels) return model as CheckpointModel;
  await model.dispose();
  throw new FeedprintError({
    code: 'usage',
    message: `${model.name} cannot be fine-tuned`,
    remedy:
      'give a language model as a checkpoint with safetensors, not as ONNX nor with other heads',
  });
}
