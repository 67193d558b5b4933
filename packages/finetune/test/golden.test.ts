import { expect, test } from '@jest/globals';
import { constantRate } from '@feedprint/graph';
import { createTrainer, dpo, ipo, kto, replyLogProbs, sft } from '../src/index.ts';
import type { LabelledItem, Metrics, PreferenceItem, TokenSequence } from '../src/index.ts';
import { loadGolden, tinyWeights } from './support/golden-checkpoint.ts';
import type { GoldenModel } from './support/golden-checkpoint.ts';
import { join, readGolden, sequences } from './support/goldens.ts';
import { learn } from './support/learn.ts';
import type { Learned } from './support/learn.ts';
import { expectSummary } from './support/summaries.ts';
import type { Summary } from './support/summaries.ts';

interface GoldenStep extends GoldenModel {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Summary>>;
  readonly steps?: {
    readonly norms: readonly number[];
    readonly changes: Readonly<Record<string, Summary>>;
  };
}

interface Methods extends GoldenModel {
  readonly pairs: readonly (readonly [number[], number[], number[]])[];
  readonly labelled: readonly (readonly [number[], number[], boolean])[];
  readonly dpo: GoldenMethod;
  readonly ipo: GoldenMethod;
  readonly kto: GoldenMethod & { readonly mismatched: readonly number[][] };
}

interface GoldenMethod extends Pick<GoldenStep, 'loss' | 'gradients'> {
  readonly metrics: Metrics;
}

const { adam, models } = readGolden<{
  readonly adam: {
    lr: number;
    betas: [number, number];
    eps: number;
    weight_decay: number;
    clip: number;
  };
  readonly models: Readonly<Record<string, GoldenStep>>;
}>('architectures');
const methods = readGolden<Methods>('methods');

/** 1e-5 of loss, 1e-3 of each gradient. */
function expectGolden(
  { metrics, gradient, buffer }: Learned,
  { loss, gradients }: Pick<GoldenStep, 'loss' | 'gradients'>,
): void {
  expect(Math.abs((metrics.loss as number) - loss)).toBeLessThan(1e-5 * Math.max(1, loss));
  expect(buffer.places.map(({ name }) => name).sort()).toEqual(Object.keys(gradients).sort());
  for (const { name, start, end, shape } of buffer.places) {
    const tensor = { data: gradient.subarray(start, end), shape };
    expectSummary(name, tensor, gradients[name] as Summary, 1e-3);
  }
}

test.each(Object.keys(models))('%s learns replies as transformers does', async (name) => {
  const golden = models[name] as GoldenStep;
  const model = await loadGolden(golden);
  expectGolden(await learn(model, sft(), sequences), golden);
});

test('takes the steps of PyTorch: AdamW, decay of matrices alone, clipping', async () => {
  const { steps, ...golden } = models.gpt_neox as Required<GoldenStep>;
  const model = await loadGolden(golden);
  const [beta1, beta2] = adam.betas;
  const trainer = await createTrainer({
    ...{ model, method: sft(), learningRate: constantRate(adam.lr), maxGradNorm: adam.clip },
    optimizer: { beta1, beta2, epsilon: adam.eps, weightDecay: adam.weight_decay },
    threads: 1,
  });
  for (const norm of steps.norms) {
    const { grad_norm, learning_rate } = await trainer.step(sequences);
    expect((grad_norm as number) / norm).toBeCloseTo(1, 4);
    expect(learning_rate).toBe(adam.lr);
  }
  for (const [name, shape] of Object.entries(golden.tensors)) {
    const before = tinyWeights(name, shape);
    const data = trainer.parameter(name).map((value, i) => value - (before[i] as number));
    expectSummary(name, { data, shape }, steps.changes[name] as Summary, 1e-3);
  }
  await trainer.dispose();
});

/** The golden reference differs from the policy by a quarter of other weights, in its matrices. */
const loadReference = () =>
  loadGolden(methods, (name, shape) => {
    const other = tinyWeights(name, shape, 1);
    return tinyWeights(name, shape).map((x, i) =>
      shape.length > 1 ? x + 0.25 * (other[i] as number) : x,
    );
  });

const expectMetrics = (found: Metrics, golden: Metrics): void => {
  for (const [name, value] of Object.entries(found)) {
    if (name !== 'loss')
      expect([name, value]).toEqual([name, expect.closeTo(golden[name] as number, 3)]);
  }
};

test.each(['dpo', 'ipo'] as const)('learns from pairs by %s as TRL does', async (name) => {
  const golden = methods[name];
  const model = await loadGolden(methods);
  const pairs = methods.pairs.map(([prompt, chosen, rejected]) => ({
    chosen: join([prompt, chosen]),
    rejected: join([prompt, rejected]),
  }));
  const reference = await loadReference();
  const sides = await Promise.all(
    (['chosen', 'rejected'] as const).map((side) =>
      replyLogProbs(
        reference,
        pairs.map((pair) => pair[side]),
      ),
    ),
  );
  const batch = pairs.map((pair, i): PreferenceItem => {
    const [chosen, rejected] = sides.map((side) => side[i]) as [number, number];
    return { ...pair, reference: { chosen, rejected } };
  });
  const method = name === 'dpo' ? dpo({ beta: 0.3 }) : ipo({ beta: 0.3 });
  const learned = await learn(model, method, batch);
  expectGolden(learned, golden);
  expectMetrics(learned.metrics, golden.metrics);
});

test('learns from single replies by KTO as TRL does', async () => {
  const golden = methods.kto;
  const model = await loadGolden(methods);
  const reference = await loadReference();
  const replies = methods.labelled.map(([prompt, reply]) => join([prompt, reply]));
  const others = methods.labelled.map(([prompt], i) =>
    join([prompt, golden.mismatched[i] as number[]]),
  );
  const own = await replyLogProbs(reference, replies);
  const mismatched = await replyLogProbs(reference, others);
  const batch = methods.labelled.map(([, , desirable], i): LabelledItem => ({
    sequence: replies[i] as TokenSequence,
    desirable,
    reference: own[i] as number,
    mismatched: others[i] as TokenSequence,
    mismatchedReference: mismatched[i] as number,
  }));
  const learned = await learn(model, kto({ beta: 0.3, desirableWeight: 1.5 }), batch);
  expectGolden(learned, golden);
  expectMetrics(learned.metrics, golden.metrics);
});
