import { describe, expect, test } from '@jest/globals';
import {
  activationDivergence,
  componentDivergence,
  measureChanges,
  parameterDivergence,
} from '../../src/index.ts';
import { loadTiny } from '../support/load-tiny.ts';
import { tinyWeights } from '../support/tiny-checkpoint.ts';
import type { TinyCheckpointOptions } from '../support/tiny-checkpoint.ts';

const EMBEDDINGS = 'gpt_neox.embed_in.weight';
const HEAD = 'embed_out.weight';
const tied = { tie_word_embeddings: true };
const sites = ['blocks.0.hook_resid_post'];

/** The same model with rows of 2 for `extra` more tokens. */
const grown = (extra: number): TinyCheckpointOptions => ({
  config: { vocab_size: 32 + extra },
  change: (tensors) => {
    for (const name of [EMBEDDINGS, HEAD]) {
      const data = new Float32Array((32 + extra) * 16).fill(2);
      data.set(tinyWeights(name, [32, 16]));
      tensors[name] = { shape: [32 + extra, 16], data };
    }
  },
});

describe('models that tie head and embeddings', () => {
  test('are compared with one that has a head of its own by that and the embeddings', async () => {
    const base = await loadTiny({ config: tied });
    const tuned = await loadTiny();
    const [embedding, head] = [tinyWeights(EMBEDDINGS, [32, 16]), tinyWeights(HEAD, [32, 16])];
    const l2 = Math.hypot(...head.map((x, i) => x - (embedding[i] ?? NaN)));
    for (const [pair, from] of [
      [[base, tuned], embedding],
      [[tuned, base], head],
    ] as const) {
      const found = componentDivergence(...pair);
      const unembedding = found.find(({ component }) => component === 'unembedding');
      expect(unembedding?.parameters).toBe(32 * 16);
      expect(unembedding?.l2).toBeCloseTo(l2, 4);
      expect(unembedding?.relativeL2).toBeCloseTo(l2 / Math.hypot(...from), 4);
      expect(found.find(({ component }) => component === 'embedding')?.l2).toBe(0);
      expect(parameterDivergence(...pair).map((layer) => layer.l2)).toEqual([0, 0]);
    }
  });

  test('both count it once', async () => {
    const base = await loadTiny({ config: tied });
    const parts = componentDivergence(base, await loadTiny({ config: tied, seed: 1 }));
    expect(parts.map(({ component }) => component)).not.toContain('unembedding');
    const all = [...base.parameters()].filter(({ sameAs }) => sameAs === undefined);
    expect(parts.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(
      all.reduce((sum, { data }) => sum + data.length, 0),
    );
  });
});

describe('models of which one knows more tokens', () => {
  test('are compared on what both know', async () => {
    const base = await loadTiny();
    const tuned = await loadTiny(grown(2));
    for (const pair of [
      [base, tuned],
      [tuned, base],
    ] as const) {
      for (const { l2 } of componentDivergence(...pair)) expect(l2).toBe(0);
      const embedding = componentDivergence(...pair).find((part) => part.component === 'embedding');
      expect(embedding?.parameters).toBe(32 * 16);
      const [site] = await activationDivergence(...pair, [[1, 2, 3]], { sites });
      expect(site?.relativeL2).toBe(0);
      const { kl } = await measureChanges(...pair, [[1, 2, 3]], { sites });
      expect(Math.max(...kl)).toBeLessThan(1e-9);
    }
  });

  test('are still refused for tensors of another width', async () => {
    const base = await loadTiny();
    const wider = {
      ...base,
      parameters: () =>
        [...base.parameters()].map((tensor) =>
          tensor.name === HEAD ? { ...tensor, shape: [32, 8] } : tensor,
        ),
    };
    expect(() => componentDivergence(base, wider)).toThrow(/embed_out\.weight \[32, 8\]/);
  });
});
