import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { readRange } from './data-range.ts';
import type { OnnxFile, OnnxInitializer, OnnxNode } from './onnx-model.ts';

/** An input of a part of a graph: one of the graph's own, with its bytes, or a tensor that was computed earlier. */
export interface PartInput {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly type: number;
}

/** What to write as a model of its own. */
export interface ModelPart {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly PartInput[];
  readonly outputs: readonly string[];
}

/** Weights travel alongside the model's bytes, so that they are not copied again. */
export interface WrittenModel {
  readonly model: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Writes a part of a graph as an ONNX model (ModelProto); reads its weights from the file. */
export function writePart(file: OnnxFile, part: ModelPart): WrittenModel {
  const external: { path: string; data: Uint8Array }[] = [];
  const graph = new BinaryWriter();
  for (const node of part.nodes) graph.tag(1, WireType.LengthDelimited).bytes(node.bytes);
  text(graph, 2, 'part');
  for (const tensor of part.initializers) {
    if (tensor.bytes) graph.tag(5, WireType.LengthDelimited).bytes(tensor.bytes);
    if (!tensor.range) continue;
    const path = `weight-${external.length}`;
    external.push({ path, data: readRange(tensor.range) });
    message(graph, 5, (w) => writeExternal(w, tensor, path, tensor.range?.length ?? 0));
  }
  for (const input of part.inputs) message(graph, 11, (w) => writeInput(w, input));
  // The runtime infers the types of outputs.
  for (const output of part.outputs) message(graph, 12, (w) => text(w, 1, output));

  const model = new BinaryWriter();
  model.tag(1, WireType.Varint).int64(file.irVersion);
  text(model, 2, 'feedprint');
  model.tag(7, WireType.LengthDelimited).bytes(graph.finish());
  for (const opset of file.opsets) model.tag(8, WireType.LengthDelimited).bytes(opset);
  for (const bytes of file.functions) model.tag(25, WireType.LengthDelimited).bytes(bytes);
  return { model: model.finish(), external };
}

/** A node that the file does not contain. */
export function makeNode(
  operation: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, { readonly int: number } | { readonly float: number }>> = {},
): OnnxNode {
  const w = new BinaryWriter();
  for (const input of inputs) text(w, 1, input);
  for (const output of outputs) text(w, 2, output);
  text(w, 3, outputs[0] as string);
  text(w, 4, operation);
  for (const [name, value] of Object.entries(attributes)) {
    message(w, 5, (a) => {
      text(a, 1, name);
      if ('int' in value) a.tag(3, WireType.Varint).int64(value.int);
      else a.tag(2, WireType.Bit32).float(value.float);
      a.tag(20, WireType.Varint).int32('int' in value ? 2 : 1);
    });
  }
  return {
    name: outputs[0] as string,
    operation,
    domain: '',
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes)),
    captured: [],
    bytes: w.finish(),
  };
}

function writeExternal(
  w: BinaryWriter,
  { name, shape, type }: OnnxInitializer,
  location: string,
  length: number,
): void {
  for (const dimension of shape) w.tag(1, WireType.Varint).int64(dimension);
  w.tag(2, WireType.Varint).int32(type);
  text(w, 8, name);
  for (const [key, value] of Object.entries({ location, length: `${length}` })) {
    message(w, 13, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  }
  w.tag(14, WireType.Varint).int32(1);
}

/** Without a shape: it takes that of whatever is fed. */
function writeInput(w: BinaryWriter, { name, type }: PartInput): void {
  text(w, 1, name);
  message(w, 2, (t) => message(t, 1, (dense) => dense.tag(1, WireType.Varint).int32(type)));
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  const inner = new BinaryWriter();
  write(inner);
  writer.tag(field, WireType.LengthDelimited).bytes(inner.finish());
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
