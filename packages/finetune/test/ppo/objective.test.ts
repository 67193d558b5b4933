import { describe, expect, test } from '@jest/globals';
import {
  Graph,
  createSession,
  gatherElements,
  gradients,
  logSoftmax,
  reduceMean,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { clippedSurrogate, exactKl } from '../../src/ppo/objective.ts';
import { distance, golden } from './golden.ts';

const tokens = golden.ids.length;
const vocabulary = golden.logits.length / tokens;

async function run(outputs: (graph: Graph, logits: Tensor) => Record<string, Tensor>) {
  const graph = new Graph();
  const logits = graph.input('logits', 'float32', [tokens, vocabulary]);
  const session = await createSession(graph, { outputs: outputs(graph, logits) });
  const results = await session.run({
    logits: { data: Float32Array.from(golden.logits), shape: [tokens, vocabulary] },
  });
  await session.dispose();
  return (name: string): number[] => Array.from(results[name]?.data as Float32Array);
}

const mean = (column: Tensor): Tensor => reduceMean(column, [0, 1]);

const floats = (graph: Graph, values: readonly number[], shape: readonly number[]): Tensor =>
  graph.constant(Float32Array.from(values), shape);

describe('the policy loss of PPO', () => {
  test('is the clipped surrogate of TRL, with its gradient and figures', async () => {
    const of = await run((graph, logits) => {
      const ids = graph.constant(Int32Array.from(golden.ids), [tokens, 1]);
      const terms = clippedSurrogate(
        {
          logProbs: gatherElements(logSoftmax(logits), ids, -1),
          oldLogProbs: floats(graph, golden.oldLogProbs, [tokens, 1]),
          advantages: floats(graph, golden.tokenAdvantages, [tokens, 1]),
        },
        golden.clip,
      );
      const means = {
        loss: mean(terms.loss),
        isClipped: mean(terms.isClipped),
        approximateKl: mean(terms.approximateKl),
      };
      const [slope] = gradients(means.loss, [logits]) as [Tensor];
      return { ...means, slope };
    });
    expect(distance(of('loss'), [golden.policyLoss])).toBeLessThan(1e-6);
    expect(distance(of('isClipped'), [golden.clipFraction])).toBeLessThan(1e-6);
    expect(distance(of('approximateKl'), [golden.approximateKl])).toBeLessThan(1e-6);
    expect(distance(of('slope'), golden.policyGradient)).toBeLessThan(1e-6);
  });

  test('holds the policy to the reference by their exact divergence', async () => {
    const of = await run((graph, logits) => {
      const reference = floats(graph, golden.reference, [tokens, vocabulary]);
      const kl = mean(exactKl(logits, reference));
      const [slope] = gradients(kl, [logits]) as [Tensor];
      return { kl, slope };
    });
    expect(distance(of('kl'), [golden.kl])).toBeLessThan(1e-6);
    expect(distance(of('slope'), golden.klGradient)).toBeLessThan(1e-6);
  });
});
