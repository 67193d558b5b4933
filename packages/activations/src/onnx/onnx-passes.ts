import type { RuntimeOptions } from '@feedprint/graph';
import { compileSegment } from './compiled-segments.ts';
import type { CompiledSegment, Tensors } from './compiled-segments.ts';
import { divideGraph } from './divide-graph.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxFile } from './onnx-model.ts';

/** Number of divided graphs kept ready; each has its own copy of the weights that it needs. */
const PASSES_KEPT = 3;

interface Pass {
  readonly segments: readonly CompiledSegment[];
  /** Number of runs under way. */
  users: number;
}

/** Runs a graph up to each of the tensors in `splits` in turn, and on to `targets`. */
export interface OnnxPasses {
  /**
   * Adds what is computed to `tensors`, which start out as the graph's inputs; `atSplit` may replace the tensor that it
   * is given.
   */
  run(
    request: { readonly splits: readonly string[]; readonly targets: readonly string[] },
    tensors: Tensors,
    atSplit: (tensor: string) => Promise<void>,
  ): Promise<void>;
  dispose(): Promise<void>;
}

export function createOnnxPasses(
  file: OnnxFile,
  index: GraphIndex,
  runtime: RuntimeOptions,
): OnnxPasses {
  const kept = new Map<string, Pass>();

  /** Never dispose of one that a run still uses: the runtime would read freed memory. */
  async function disposeOldest(): Promise<void> {
    for (const [key, pass] of kept) {
      if (kept.size <= PASSES_KEPT) return;
      if (pass.users > 0) continue;
      kept.delete(key);
      for (const segment of pass.segments) await segment.dispose();
    }
  }

  return {
    async run({ splits, targets }, tensors, atSplit) {
      const key = JSON.stringify([splits, targets]);
      const pass = kept.get(key) ?? {
        segments: divideGraph(index, splits, targets).map((s) => compileSegment(file, s, runtime)),
        users: 0,
      };
      kept.delete(key);
      kept.set(key, pass);
      pass.users++;
      try {
        await disposeOldest();
        for (const [i, segment] of pass.segments.entries()) {
          await segment.run(tensors);
          const split = splits[i];
          if (split !== undefined) await atSplit(split);
        }
      } finally {
        pass.users--;
      }
    },
    async dispose() {
      const passes = [...kept.values()];
      kept.clear();
      for (const { segments } of passes) for (const segment of segments) await segment.dispose();
    },
  };
}
