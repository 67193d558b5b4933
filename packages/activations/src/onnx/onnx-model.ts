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

/** A stretch of bytes in a file. */
export interface DataRange {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** A weight or constant of the graph, known by its place; its data stay in the file. */
export interface OnnxInitializer {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly type: number;
  readonly shape: readonly number[];
  /** Where its numbers stand, little-endian and row-major; none for those that are kept as `bytes`. */
  readonly range?: DataRange;
  /** The whole TensorProto, for what is small or stored as varints. */
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
  /** Empty for ONNX' own operators. */
  readonly domain: string;
  /** Empty names stand for inputs that are left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Tensors of the graph around it that its subgraphs read. */
  readonly captured: readonly string[];
  /** NodeProto. */
  readonly bytes: Uint8Array;
}

/** An input or output of the graph. */
export interface OnnxValue {
  readonly name: string;
  /** TensorProto.DataType; none where the file does not say. */
  readonly type?: number;
  /** Numbers are fixed, names are free; `''` is a free one without a name. */
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
  /** OperatorSetIdProto, one for each domain. */
  readonly opsets: readonly Uint8Array[];
  /** FunctionProto of each function that the model defines itself. */
  readonly functions: readonly Uint8Array[];
  readonly graph: OnnxGraph;
}

export const invalidOnnx = (file: string, why: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${file} is no ONNX model that can be read: ${why}`,
    remedy: 'export or download it again',
    cause,
  });

export const unsupportedOnnx = (file: string, why: string, remedy: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${file} cannot be run: ${why}`,
    remedy,
  });
