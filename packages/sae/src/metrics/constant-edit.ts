import { matrix } from '@feedprint/core';
import type { Site } from '@feedprint/core';
import { add, mul } from '@feedprint/graph';
import type { GraphEdit } from '@feedprint/graph';

/** Replaces a site's activations by one vector `[width]` at every position: zeros or the mean, for ablations. */
export function constantEdit(site: Site, value: Float32Array): GraphEdit {
  return {
    site,
    // Multiplied by zero rather than replaced, so that the constant takes the shape of the batch.
    splice: (x) =>
      add(
        mul(x, x.graph.constant(Float32Array.of(0), [1])),
        x.graph.constant(value, [value.length]),
      ),
    apply(x) {
      const result = matrix(x.rows, x.columns);
      for (let r = 0; r < x.rows; r++) result.data.set(value, r * x.columns);
      return result;
    },
  };
}
