export { Graph } from './graph.ts';
export type { AttributeValue, Backward, GraphNode, NodeOptions, TensorData } from './graph.ts';
export type { DataType, Dimension, Operand, Shape, Tensor } from './tensor.ts';
export {
  abs,
  add,
  cast,
  div,
  exp,
  greater,
  greaterOrEqual,
  log,
  mul,
  neg,
  relu,
  sign,
  sqrt,
  sub,
  tanh,
  where,
} from './ops/elementwise.ts';
export {
  concat,
  gather,
  gatherElements,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  transpose,
} from './ops/shape.ts';
export { matmul, swapLast } from './ops/linear.ts';
export { gelu, layerNorm, logSoftmax, softmax, topK, topKMask } from './ops/neural.ts';
export { gradients } from './gradients.ts';
export { adam, adamCorrections } from './adam.ts';
export type { AdamOptions, AdamUpdate } from './adam.ts';
export { createSession } from './session.ts';
export type { Session, SessionOptions, Value } from './session.ts';
export { createTrainingSession } from './training-session.ts';
export type { StateVariable, TrainingSession, TrainingSessionOptions } from './training-session.ts';
export { isGraphEdit } from './graph-edit.ts';
export type { GraphEdit } from './graph-edit.ts';
