import { FeedprintError } from '@feedprint/core';

/** Element types of ONNX tensors that matter here (TensorProto.DataType). */
export const elementTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

/** A range of bytes in a file. */
export interface DataRange {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** A weight or constant of the graph, located but not read; its data stay in the file. */
export interface OnnxInitializer {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly type: number;
  readonly shape: readonly number[];
  /** Where its numbers are, little-endian and row-major; absent for a tensor that is kept as `bytes`. */
  readonly range?: DataRange;
  /** The whole TensorProto, for tensors that are small or stored as varints. */
  readonly bytes?: Uint8Array;
}

export interface OnnxAttribute {
  readonly int?: number;
  readonly float?: number;
  readonly ints?: readonly number[];
  readonly graph?: OnnxGraph;
}

export interface OnnxNode {
  readonly name: string;
  readonly operation: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  /** Empty names stand for inputs that are left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Tensors of the surrounding graph that its subgraphs read. */
  readonly captured: readonly string[];
  /** NodeProto. */
  readonly bytes: Uint8Array;
}

/** An input or output of the graph. */
export interface OnnxValue {
  readonly name: string;
  /** TensorProto.DataType; absent if the file does not say. */
  readonly type?: number;
  /** Numbers are fixed lengths, names are free ones; `''` is a free one without a name. */
  readonly shape?: readonly (number | string)[];
  /** ValueInfoProto. */
  readonly bytes: Uint8Array;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxInitializer>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxFile {
  readonly file: string;
  readonly irVersion: number;
  /** OperatorSetIdProto, one per domain. */
  readonly opsets: readonly Uint8Array[];
  /** FunctionProto of each function that the model defines itself. */
  readonly functions: readonly Uint8Array[];
  readonly graph: OnnxGraph;
}

export const invalidOnnx = (file: string, why: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${file} is not a readable ONNX model: ${why}`,
    remedy: 'export or download it again',
    cause,
  });

export const unsupportedOnnx = (file: string, why: string, remedy: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${file} cannot be run: ${why}`,
    remedy,
  });
