import { readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';
import { checkOrder } from './check-order.ts';
import { invalidOnnx } from './onnx-model.ts';
import type { OnnxAttribute, OnnxFile, OnnxGraph, OnnxNode, OnnxValue } from './onnx-model.ts';
import { readBytes, readInteger, readIntegers, readMessage, readText } from './read-messages.ts';
import { readTensor } from './read-tensor.ts';
import type { Source } from './read-tensor.ts';

/** Depth to which nested subgraphs are followed. */
const MAX_DEPTH = 8;
/** Most tensors that one node may read. */
const MAX_INPUTS = 10_000;

/**
 * Reads an ONNX model (onnx.proto, ModelProto) without its weights, which stay in the file. Throws `checkpoint-invalid`
 * for bytes that are not a model and for weights outside the model's folder.
 */
export function readOnnx(file: string): OnnxFile {
  try {
    const bytes = readFileSync(file);
    const source: Source = { file, offsetOf: (view) => view.byteOffset - bytes.byteOffset };
    const model = readModel(bytes, source);
    checkOrder(file, model.graph);
    return model;
  } catch (cause) {
    if (FeedprintError.is(cause)) throw cause;
    throw invalidOnnx(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readModel(bytes: Uint8Array, source: Source): OnnxFile {
  const opsets: Uint8Array[] = [];
  const functions: Uint8Array[] = [];
  let irVersion = 0;
  let graph: OnnxGraph | undefined;
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) irVersion = readInteger(reader, wire);
    else if (field === 7) graph = readGraph(readBytes(reader, wire), source, 0);
    else if (field === 8) opsets.push(readBytes(reader, wire).slice());
    else if (field === 25) functions.push(readBytes(reader, wire).slice());
    else return false;
    return true;
  });
  if (!graph || opsets.length === 0) throw new Error('it has no graph or no operator set');
  return { file: source.file, irVersion, opsets, functions, graph };
}

function readGraph(bytes: Uint8Array, source: Source, depth: number): OnnxGraph {
  if (depth > MAX_DEPTH) throw new Error(`its graphs are nested more than ${MAX_DEPTH} deep`);
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, ReturnType<typeof readTensor>>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) nodes.push(readNode(readBytes(reader, wire), source, depth));
    else if (field === 5) {
      const tensor = readTensor(readBytes(reader, wire), source);
      initializers.set(tensor.name, tensor);
    } else if (field === 11) inputs.push(readValue(readBytes(reader, wire)));
    else if (field === 12) outputs.push(readValue(readBytes(reader, wire)));
    else if (field === 15) throw new Error('it has sparse weights');
    else return false;
    return true;
  });
  return { nodes, initializers, inputs, outputs };
}

function readNode(bytes: Uint8Array, source: Source, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let [name, operation, domain] = ['', '', ''];
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) inputs.push(readText(reader, wire));
    else if (field === 2) outputs.push(readText(reader, wire));
    else if (field === 3) name = readText(reader, wire);
    else if (field === 4) operation = readText(reader, wire);
    else if (field === 5) readAttribute(readBytes(reader, wire), source, depth, attributes);
    else if (field === 7) domain = readText(reader, wire);
    else return false;
    return true;
  });
  if (inputs.length > MAX_INPUTS)
    throw new Error(`the node ${name} reads ${inputs.length} tensors`);
  const graphs = [...attributes.values()].flatMap(({ graph }) => (graph ? [graph] : []));
  const captured = [...new Set(graphs.flatMap(freeNames))];
  return {
    name,
    operation,
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs,
    outputs,
    attributes,
    captured,
    bytes: bytes.slice(),
  };
}

function readAttribute(
  bytes: Uint8Array,
  source: Source,
  depth: number,
  into: Map<string, OnnxAttribute>,
): void {
  const ints: number[] = [];
  let name = '';
  let value: OnnxAttribute = {};
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) name = readText(reader, wire);
    else if (field === 2) value = { ...value, float: reader.float() };
    else if (field === 3) value = { ...value, int: readInteger(reader, wire) };
    else if (field === 6) {
      value = { ...value, graph: readGraph(readBytes(reader, wire), source, depth + 1) };
    } else if (field === 8) readIntegers(reader, wire, ints);
    else return false;
    return true;
  });
  into.set(name, ints.length > 0 ? { ...value, ints } : value);
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let type: number | undefined;
  let shape: (number | string)[] | undefined;
  const visitDimension = (dimension: Uint8Array): void => {
    let value: number | string = '';
    readMessage(dimension, (field, reader, wire) => {
      if (field === 1) value = readInteger(reader, wire);
      else if (field === 2) value = readText(reader, wire);
      else return false;
      return true;
    });
    (shape ??= []).push(value);
  };
  readMessage(bytes, (field, reader, wire) => {
    if (field === 1) name = readText(reader, wire);
    else if (field === 2) {
      readMessage(readBytes(reader, wire), (kind, dense, denseWire) => {
        if (kind !== 1) return false;
        readMessage(readBytes(dense, denseWire), (part, inner, innerWire) => {
          if (part === 1) type = readInteger(inner, innerWire);
          else if (part === 2) {
            shape = [];
            readMessage(readBytes(inner, innerWire), (one, item, itemWire) => {
              if (one !== 1) return false;
              visitDimension(readBytes(item, itemWire));
              return true;
            });
          } else return false;
          return true;
        });
        return true;
      });
    } else return false;
    return true;
  });
  return {
    name,
    ...(type !== undefined && { type }),
    ...(shape && { shape }),
    bytes: bytes.slice(),
  };
}

/** What a subgraph reads from the surrounding graph. */
function freeNames({ nodes, initializers, inputs, outputs }: OnnxGraph): string[] {
  const own = new Set([...initializers.keys(), ...inputs.map((input) => input.name)]);
  for (const node of nodes) for (const output of node.outputs) own.add(output);
  const read = nodes.flatMap((node) => [...node.inputs, ...node.captured]);
  return [...read, ...outputs.map(({ name }) => name)].filter((n) => n !== '' && !own.has(n));
}
