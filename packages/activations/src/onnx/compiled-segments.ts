import { FeedprintError } from '@feedprint/core';
import { startSession } from '@feedprint/graph';
import type { RuntimeOptions } from '@feedprint/graph';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Segment } from './divide-graph.ts';
import { unsupportedOnnx } from './onnx-model.ts';
import type { OnnxFile } from './onnx-model.ts';
import { writePart } from './write-onnx.ts';

/** Tensors by name. */
export type Tensors = Map<string, Tensor>;

/** ONNX types of the tensors passed from one segment to the next. */
const typeCodes: Readonly<Record<string, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

/** A segment that is compiled when it first runs, because only then the types of its inputs are known. */
export interface CompiledSegment {
  /** Adds the segment's outputs to `tensors`, which contain its inputs. */
  run(tensors: Tensors): Promise<void>;
  dispose(): Promise<void>;
}

export function compileSegment(
  file: OnnxFile,
  segment: Segment,
  runtime: RuntimeOptions,
): CompiledSegment {
  let session: Promise<InferenceSession> | undefined;
  return {
    async run(tensors) {
      if (segment.outputs.length === 0) return;
      const feeds = Object.fromEntries(
        segment.inputs.map((name) => [name, tensors.get(name) as Tensor]),
      );
      session ??= compile(file, segment, feeds, runtime);
      try {
        const results = await (await session).run(feeds);
        for (const name of segment.outputs) tensors.set(name, results[name] as Tensor);
      } catch (cause) {
        if (FeedprintError.is(cause)) throw cause;
        throw unsupportedOnnx(
          file.file,
          messageOf(cause),
          'try an export without its own shapes or caches',
        );
      }
    },
    async dispose() {
      await (await session?.catch(() => undefined))?.release();
    },
  };
}

function compile(
  file: OnnxFile,
  { nodes, initializers, inputs, outputs }: Segment,
  feeds: Readonly<Record<string, Tensor>>,
  runtime: RuntimeOptions,
): Promise<InferenceSession> {
  const part = writePart(file, {
    nodes,
    initializers,
    inputs: inputs.map((name) => ({ name, type: typeCodes[feeds[name]?.type ?? ''] ?? 1 })),
    outputs,
  });
  return startSession(part, runtime, (words) =>
    unsupportedOnnx(file.file, words, 'use an export that onnxruntime can run'),
  );
}

const messageOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ').trim();
