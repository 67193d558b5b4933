import type { Edit } from '@feedprint/core';
import type { Tensor } from './tensor.ts';

/** An edit that can also be part of a graph: no second run, no copy out of the runtime. */
export interface GraphEdit extends Edit {
  /** The edited activations, in the shape of `x` `[..., width]`. */
  splice(x: Tensor): Tensor;
}

export function isGraphEdit(edit: Edit): edit is GraphEdit {
  return 'splice' in edit && typeof edit.splice === 'function';
}
