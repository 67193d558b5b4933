export { Graph } from './graph.ts';
export type { AttributeValue, Backward, GraphNode, NodeOptions, TensorData } from './graph.ts';
export type { DataType, Dimension, Operand, Shape, Tensor } from './tensor.ts';
export {
  abs,
  add,
  clip,
  cos,
  div,
  erf,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  sqrt,
  sub,
  tanh,
} from './ops/elementwise.ts';
export { and, cast, equal, greater, greaterOrEqual, less, not, or, where } from './ops/logic.ts';
export { concat, pad, reshape, slice, transpose } from './ops/shape.ts';
export { argMax, cumSum, reduceMax, reduceMean, reduceSum, reduceSumSquare } from './ops/reduce.ts';
export { gather, gatherElements } from './ops/gather.ts';
export { scatterAdd } from './ops/scatter.ts';
export { customGradient, stopGradient } from './ops/custom-gradient.ts';
export { linear, matmul, swapLast } from './ops/linear.ts';
export { gelu, layerNorm, logSigmoid, logSoftmax, rmsNorm, silu, softmax } from './ops/neural.ts';
export { chosenLogProbs } from './ops/chosen-log-probs.ts';
export { rotary } from './ops/rotary.ts';
export type { RotaryOptions, RotaryTurns } from './ops/rotary.ts';
export { topK, topKMask, topKWithIndices } from './ops/top-k.ts';
export type { TopK } from './ops/top-k.ts';
export { columnSums, sparseMatmul, topKProjection } from './ops/sparse.ts';
export type { SparseRows } from './ops/sparse.ts';
export { gradients } from './gradients.ts';
export type { Optimizer, OptimizerInputs, OptimizerUpdate } from './optimizers/optimizer.ts';
export { createSgd } from './optimizers/sgd.ts';
export type { SgdOptions } from './optimizers/sgd.ts';
export { adamCorrections, createAdam } from './optimizers/adam.ts';
export type { AdamOptions } from './optimizers/adam.ts';
export { createAdamW } from './optimizers/adamw.ts';
export type { AdamWOptions } from './optimizers/adamw.ts';
export { clipByGlobalNorm, clipByValue } from './optimizers/clip-gradients.ts';
export type { ClippedGradients } from './optimizers/clip-gradients.ts';
export type { Schedule } from './schedules/schedule.ts';
export { constantRate, linearDecay } from './schedules/linear.ts';
export type { DecayOptions } from './schedules/linear.ts';
export { cosineDecay, cosineRestarts } from './schedules/cosine.ts';
export type { RestartOptions } from './schedules/cosine.ts';
export { sequence, warmup } from './schedules/sequence.ts';
export { checkDevice } from './check-device.ts';
export { deviceNeeds, devices } from './devices.ts';
export { probeDevice, probeDevices } from './probe-devices.ts';
export type { Device } from './devices.ts';
export type { DeviceStatus } from './probe-devices.ts';
export { createSession } from './session.ts';
export type { Session, SessionOptions, Value } from './session.ts';
export { startSession } from './start-session.ts';
export type { RuntimeOptions } from './start-session.ts';
export { createProgram } from './program.ts';
export type { Program } from './program.ts';
export { createTrainingSession } from './training-session.ts';
export type {
  StateVariable,
  StepVariant,
  TrainingSession,
  TrainingSessionOptions,
} from './training-session.ts';
export { createOnnxEngine } from './engine.ts';
export type { Engine } from './engine.ts';
export { isGraphEdit } from './graph-edit.ts';
export type { GraphEdit } from './graph-edit.ts';
export { loadRuntime } from './runtime.ts';
export type { OrtModule } from './runtime.ts';
