import { FeedprintError } from '@feedprint/core';
import { sameShape } from './tensor.ts';
import type { DataType, Dimension, Operand, Shape, Tensor } from './tensor.ts';

export type AttributeValue = number | { readonly float: number } | string | readonly number[];

/** Gradients of the inputs, given the gradient of the output; `undefined` or missing for inputs whose gradient is zero. */
export type Backward = (gradient: Tensor) => readonly (Tensor | undefined)[];

/** The sum over the first axis of a `[rows, columns]` output, `[1, columns]`, made without the output itself. */
export type RowSum = () => Tensor;

export interface GraphNode {
  readonly operation: string;
  readonly domain: string;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs; the first is the node's tensor. */
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** What gradients flow to, in the order in which `backward` gives them: the inputs, unless said otherwise. */
  readonly sources: readonly Tensor[];
  readonly backward: Backward | undefined;
  readonly rowSum: RowSum | undefined;
  readonly serial: boolean;
}

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface Constant {
  readonly tensor: Tensor;
  readonly data: TensorData;
}

export interface NodeOptions {
  readonly shape: Shape;
  readonly type?: DataType;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Without it the operator cannot be differentiated. */
  readonly backward?: Backward;
  /** Tensors that `backward` gives gradients of, if they are not the inputs. */
  readonly sources?: readonly Tensor[];
  readonly rowSum?: RowSum;
  /** The operator gives wrong results on several threads, so it must run in a single-threaded session. */
  readonly serial?: boolean;
  readonly domain?: string;
  /** Number of further outputs of the operator, which nothing here reads. */
  readonly extraOutputs?: number;
}

/** A directed acyclic graph of ONNX operators, in the order in which they were added. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Tensor[] = [];
  readonly constants: Constant[] = [];
  private count = 0;
  private readonly scalars = new Map<number, Tensor>();
  private readonly named = new Map<string, Constant>();

  /** A value that each run feeds. The same name, type and shape give the same input. */
  input(name: string, type: DataType, shape: readonly Dimension[]): Tensor {
    const known = this.inputs.find((input) => input.name === name);
    if (known?.type === type && sameShape(known.shape, shape)) return known;
    if (known) throw nameTaken(name);
    const tensor: Tensor = { graph: this, name, type, shape, node: undefined };
    this.inputs.push(tensor);
    return tensor;
  }

  /** A fixed value; `data` is kept, not copied. The same data under the same name give the same constant. */
  constant(data: TensorData, shape: readonly number[], name?: string): Tensor {
    const known = name === undefined ? undefined : this.named.get(name);
    if (known?.data === data) return known.tensor;
    if (known) throw nameTaken(known.tensor.name);
    const tensor: Tensor = {
      graph: this,
      name: name ?? this.freshName('constant'),
      type: typeOf(data),
      shape,
      node: undefined,
    };
    this.constants.push({ tensor, data });
    if (name !== undefined) this.named.set(name, { tensor, data });
    return tensor;
  }

  /** An f32 scalar. */
  scalar(value: number): Tensor {
    const known = this.scalars.get(value);
    if (known) return known;
    const tensor = this.constant(Float32Array.of(value), []);
    this.scalars.set(value, tensor);
    return tensor;
  }

  /** A list of int64, as shape arguments are written in ONNX. */
  integers(values: readonly number[]): Tensor {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Adds an operator and returns its output. */
  node(operation: string, inputs: readonly Tensor[], options: NodeOptions): Tensor {
    const name = this.freshName(operation);
    const unread = Array.from({ length: options.extraOutputs ?? 0 }, (_, i) => `${name}_${i + 1}`);
    const node: GraphNode = {
      operation,
      domain: options.domain ?? '',
      inputs,
      outputs: [name, ...unread],
      attributes: options.attributes ?? {},
      sources: options.sources ?? inputs,
      backward: options.backward,
      rowSum: options.rowSum,
      serial: options.serial ?? false,
    };
    this.nodes.push(node);
    return { graph: this, name, type: options.type ?? 'float32', shape: options.shape, node };
  }

  private freshName(stem: string): string {
    return `${stem}_${this.count++}`;
  }
}

const nameTaken = (name: string): FeedprintError =>
  new FeedprintError({
    code: 'internal',
    message: `the graph already has a different input or constant called ${name}`,
    remedy: 'name inputs and constants after what they hold',
  });

function typeOf(data: TensorData): DataType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'bool';
}

/** Turns numbers among the operands into scalars of the tensors' graph. */
export function toTensors(...operands: readonly Operand[]): Tensor[] {
  const graph = operands.find((operand) => typeof operand !== 'number')?.graph;
  if (!graph) throw new TypeError('an operation needs at least one tensor');
  return operands.map((operand) => (typeof operand === 'number' ? graph.scalar(operand) : operand));
}
