import { startChatServer } from '@feedprint/core/testing';
import { expect, test } from '@jest/globals';
import {
  createEstimatingChat,
  createLedger,
  createModelLabeler,
  createOpenAIChat,
} from '../../src/index.ts';
import { sensibleAnswer } from '../sensible-model.ts';

const evidence = (i: number) => ({
  id: `f/${i}`,
  top: [{ tokens: [' so', ` w${i}.`], activations: [0, 4] }],
  heldOutActive: [{ tokens: [' very', ` w${i}.`], activations: [0, 3] }],
  heldOutSilent: [{ tokens: [' very', ' plain'], activations: [0, 0] }],
  maxActivation: 4,
});

test('an estimate counts every step, and what the steps then take lies below its bound', async () => {
  const server = await startChatServer(sensibleAnswer);
  try {
    const ledger = createLedger();
    const real = createOpenAIChat({ model: 'm', baseURL: server.baseURL, ledger, maxTokens: 100 });
    const { chat, estimate } = createEstimatingChat({ maxTokens: 100 });
    for (const model of [chat, real]) {
      const labeler = createModelLabeler({ chat: model });
      for (let i = 0; i < 3; i++) {
        const explanation = (await labeler.explain(evidence(i))) ?? '';
        await labeler.classify(explanation, 'Is it?');
        expect(await labeler.score(explanation, evidence(i))).toHaveProperty('n', 2);
      }
    }
    const { requests, about, most } = estimate();
    const took = ledger.totals();
    expect(requests).toBe(9);
    expect(took.answers).toBe(9);
    expect(about.input).toBeGreaterThan(took.input);
    expect(about.input).toBeLessThan(2.5 * took.input);
    expect(most.input).toBeGreaterThan(2 * about.input);
    expect(most.output).toBe(1800);
  } finally {
    await server.close();
  }
});
