import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { AttributeValue, Constant, Graph, GraphNode, TensorData } from './graph.ts';
import { onnxTypes } from './tensor.ts';
import type { Tensor } from './tensor.ts';

/** ONNX operator set; 20 is the first with Gelu. */
const OPSET = 20;
const IR_VERSION = 9;
/** Larger constants travel beside the model, as bytes, so that none is copied and no 2 GiB limit applies. */
const EXTERNAL_BYTES = 1024;

export interface SerializedModel {
  /** ONNX ModelProto. */
  readonly model: Uint8Array;
  /** Constants that the model refers to by path. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Writes the part of a graph that the outputs need as an ONNX model. Tensors of `fed` become inputs, whatever computes them. */
export function serialize(
  graph: Graph,
  outputs: readonly Tensor[],
  fed: readonly Tensor[] = [],
): SerializedModel {
  const { nodes, used } = ancestors(graph, outputs, fed);
  const constants = graph.constants.filter(({ tensor }) => used.has(tensor.name));
  const external: { path: string; data: Uint8Array }[] = [];
  const body = new BinaryWriter();
  for (const node of nodes) message(body, 1, (w) => writeNode(w, node));
  text(body, 2, 'feedprint');
  for (const constant of constants) {
    const bytes = bytesOf(constant.data);
    const isExternal = bytes.byteLength > EXTERNAL_BYTES;
    if (isExternal) external.push({ path: constant.tensor.name, data: bytes });
    message(body, 5, (w) => writeConstant(w, constant, bytes, isExternal));
  }
  const inputs = [...graph.inputs, ...fed].filter(({ name }) => used.has(name));
  for (const input of inputs) message(body, 11, (w) => writeValue(w, input));
  const distinct = new Map(outputs.map((output) => [output.name, output]));
  for (const output of distinct.values()) message(body, 12, (w) => writeValue(w, output));

  const model = new BinaryWriter();
  model.tag(1, WireType.Varint).int64(IR_VERSION);
  text(model, 2, 'feedprint');
  model.tag(7, WireType.LengthDelimited).bytes(body.finish());
  for (const domain of new Set(['', ...nodes.map((node) => node.domain)])) {
    message(model, 8, (w) => {
      text(w, 1, domain);
      w.tag(2, WireType.Varint).int64(domain === '' ? OPSET : 1);
    });
  }
  return { model: model.finish(), external };
}

/** Nodes that the outputs are computed from, in graph order, without those behind `fed`; and the names of all tensors among them. */
export function ancestors(
  graph: Graph,
  outputs: readonly Tensor[],
  fed: readonly Tensor[] = [],
): { nodes: GraphNode[]; used: Set<string> } {
  const used = new Set(outputs.map(({ name }) => name));
  const known = new Set(fed.map(({ name }) => name));
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => used.has(output) && !known.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) used.add(input.name);
  }
  return { nodes: nodes.reverse(), used };
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  const inner = new BinaryWriter();
  write(inner);
  writer.tag(field, WireType.LengthDelimited).bytes(inner.finish());
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function writeNode(w: BinaryWriter, node: GraphNode): void {
  for (const input of node.inputs) text(w, 1, input.name);
  for (const output of node.outputs) text(w, 2, output);
  text(w, 3, node.outputs[0] as string);
  text(w, 4, node.operation);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(w, 5, (a) => writeAttribute(a, name, value));
  }
  if (node.domain) text(w, 7, node.domain);
}

function writeAttribute(w: BinaryWriter, name: string, value: AttributeValue): void {
  text(w, 1, name);
  if (typeof value === 'number') {
    w.tag(3, WireType.Varint).int64(value);
    w.tag(20, WireType.Varint).int32(2);
  } else if (typeof value === 'string') {
    text(w, 4, value);
    w.tag(20, WireType.Varint).int32(3);
  } else if ('float' in value) {
    w.tag(2, WireType.Bit32).float(value.float);
    w.tag(20, WireType.Varint).int32(1);
  } else {
    for (const item of value) w.tag(8, WireType.Varint).int64(item);
    w.tag(20, WireType.Varint).int32(7);
  }
}

function writeConstant(
  w: BinaryWriter,
  { tensor }: Constant,
  bytes: Uint8Array,
  external: boolean,
): void {
  for (const dimension of tensor.shape) w.tag(1, WireType.Varint).int64(Number(dimension));
  w.tag(2, WireType.Varint).int32(onnxTypes[tensor.type]);
  text(w, 8, tensor.name);
  if (!external) {
    w.tag(9, WireType.LengthDelimited).bytes(bytes);
    return;
  }
  for (const [key, value] of Object.entries({
    location: tensor.name,
    length: `${bytes.byteLength}`,
  })) {
    message(w, 13, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  }
  w.tag(14, WireType.Varint).int32(1);
}

function writeValue(w: BinaryWriter, tensor: Tensor): void {
  text(w, 1, tensor.name);
  message(w, 2, (type) =>
    message(type, 1, (dense) => {
      dense.tag(1, WireType.Varint).int32(onnxTypes[tensor.type]);
      message(dense, 2, (shape) => {
        for (const dimension of tensor.shape) {
          message(shape, 1, (d) => {
            if (typeof dimension === 'string') text(d, 2, dimension);
            else d.tag(1, WireType.Varint).int64(dimension);
          });
        }
      });
    }),
  );
}
