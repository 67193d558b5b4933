import { describe, expect, test } from '@jest/globals';
import { FeedprintError } from '@feedprint/core';
import * as g from '../src/index.ts';

const graph = new g.Graph();
const x = graph.input('x', 'float32', [2, 3]);
const wEnc = graph.input('wEnc', 'float32', [4, 5]);
const ids = graph.input('ids', 'int64', [2]);
const hidden = g.relu(x);

describe('what does not fit is refused with the operator, the operands and their shapes:', () => {
  test.each<[string, () => unknown, string]>([
    [
      'matmul',
      () => g.matmul(hidden, wEnc),
      `MatMul does not fit ${hidden.name} [2, 3] and wEnc [4, 5]`,
    ],
    ['add', () => g.add(x, wEnc), 'Add does not fit x [2, 3] and wEnc [4, 5]'],
    ['where', () => g.where(g.greater(x, 0), x, wEnc), 'x [2, 3] and wEnc [4, 5]'],
    ['reshape', () => g.reshape(wEnc, [3, 7]), 'Reshape does not fit wEnc [4, 5] and [3, 7]'],
    [
      'transpose',
      () => g.transpose(x, [0, 0]),
      'Transpose to the order 0, 0 does not fit x [2, 3]',
    ],
    ['slice', () => g.slice(x, 1, 2, 4), 'Slice from 2 to 4 along axis 1 does not fit x [2, 3]'],
    [
      'concat',
      () => g.concat([x, wEnc], 1),
      'Concat along axis 1 does not fit x [2, 3] and wEnc [4, 5]',
    ],
    ['pad', () => g.pad(x, 0, -1, 0), 'Pad by -1 and 0 along axis 0 does not fit x [2, 3]'],
    ['reduceSum', () => g.reduceSum(x, [2]), 'ReduceSum along axis 2 does not fit x [2, 3]'],
    ['gather', () => g.gather(x, ids, -3), 'Gather along axis -3 does not fit x [2, 3]'],
    [
      'gatherElements',
      () => g.gatherElements(x, ids, 0),
      'GatherElements does not fit x [2, 3] and ids [2]',
    ],
    ['topK', () => g.topK(x, 4), 'TopK of 4 does not fit x [2, 3]'],
    ['layerNorm', () => g.layerNorm(x, ids, ids, 1e-5), 'x [2, 3] and ids [2] and ids [2]'],
    ['scatterAdd', () => g.scatterAdd(x, ids, wEnc), 'wEnc [4, 5]'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message);
    expect(build).toThrow(FeedprintError);
  });

  test('types too', () => {
    expect(() => g.add(x, ids)).toThrow(
      'Add needs two tensors of one type, not x of float32 and ids of int64',
    );
    expect(() => g.gather(x, x)).toThrow('Gather needs integer indices, not x of float32');
  });
});
