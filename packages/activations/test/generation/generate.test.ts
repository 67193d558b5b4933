import { afterAll, describe, expect, test } from '@jest/globals';
import { createRandom, hash32, matrix } from '@feedprint/core';
import type { LanguageModel, Matrix, Sampling, TokenRows } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { generate, generateWith } from '../../src/generation/generate.ts';
import type { TokenStepper } from '../../src/generation/token-stepper.ts';
import { writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

const model = await loadModel(writeTinyCheckpoint(), { threads: 1 });
afterAll(() => model.dispose());
const { info, tokenizer } = model;
const context = info.contextLength;
const full = new Array<number>(context).fill(3);

type Runnable = Pick<LanguageModel, 'info' | 'tokenizer' | 'run'>;

/** A model whose logits follow from the row by `logitsOf`. */
const modelOf = (logitsOf: (row: readonly number[]) => readonly number[]): Runnable => ({
  info: { ...info, vocabularySize: 5 },
  tokenizer,
  run: (rows) =>
    Promise.resolve({
      activations: new Map(),
      logits: stack(rows.map((row) => logitsOf(Array.from(row)))),
    }),
});
const stack = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, rows[0]?.length ?? 0, Float32Array.from(rows.flat()));

/** A model whose logits are always these. */
const fixed = (logits: readonly number[]): Runnable => modelOf(() => logits);

/** Logits that depend on every token of the row; token 0 ends it. */
const hashed = (row: readonly number[]): number[] => {
  const random = createRandom(hash32(row.join(' ')));
  return Array.from({ length: 5 }, () => 2 * random.normal());
};

/** A stepper that remembers its rows, and what was asked of it. */
function remembering(): TokenStepper & { readonly log: string[] } {
  let open: number[][] = [];
  const log: string[] = [];
  const logits = (): Promise<Matrix> => Promise.resolve(stack(open.map(hashed)));
  return {
    log,
    start(prompts: TokenRows) {
      open = prompts.map((prompt) => Array.from(prompt));
      log.push(`start ${open.length}`);
      return logits();
    },
    step(tokens) {
      if (tokens.length !== open.length) throw new TypeError('not a token for each open row');
      open.forEach((row, i) => row.push(tokens[i] as number));
      log.push(`step ${open.length}`);
      return logits();
    },
    keep(rows) {
      open = rows.map((i) => open[i] as number[]);
      log.push(`keep ${rows.join(',')}`);
    },
  };
}

describe('generation', () => {
  test('stops at the end of the context, each prompt at its own', async () => {
    const never = fixed([-1e9, 0, 0, 0]);
    const out = await generate(never, [full, full.slice(1), full.slice(4), [1]], {
      maxNewTokens: 6,
      seed: 1,
    });
    expect(out.map((tokens) => tokens.length)).toEqual([0, 1, 4, 6]);
  });

  test('reaches the end of the context of a real model without an error', async () => {
    const out = await model.generate([full.slice(3), [1]], { maxNewTokens: 40, seed: 1 });
    expect((out[0] as number[]).length).toBeLessThanOrEqual(3);
    expect((out[1] as number[]).length).toBeLessThanOrEqual(context - 1);
    expect(out.flat().every((id) => id > 0 && id < 32)).toBe(true);
  });

  test('ends at a special token, which is left out', async () => {
    expect(
      await generate(fixed([9, 0, 0]), [[1]], { maxNewTokens: 5, temperature: 0, seed: 1 }),
    ).toEqual([[]]);
  });

  test('ends with the token that completes a stop string, of each row alone', async () => {
    const [o, good] = [tokenizer.encode('o')[0] as number, tokenizer.encode(' good')[0] as number];
    const next = modelOf((row) =>
      Array.from({ length: 32 }, (_, id) => (id === (row.at(-1) === good ? o : good) ? 9 : 0)),
    );
    const sampling: Sampling = { maxNewTokens: 6, temperature: 0, seed: 1, stop: ['goodo'] };
    const [first, second] = await generate(next, [[o], [good]], sampling);
    expect(first).toEqual([good, o]);
    expect(second).toEqual([o, good, o]);
  });

  test('draws tokens with the probabilities of the softmax at the temperature', async () => {
    const logits = [-1e9, 0, 1, 2];
    const prompts = Array.from({ length: 600 }, () => [1]);
    for (const temperature of [1, 0.5]) {
      const drawn = (
        await generate(fixed(logits), prompts, { maxNewTokens: 1, temperature, seed: 4 })
      ).flat();
      const total = logits.reduce((sum, v) => sum + Math.exp(v / temperature), 0);
      [1, 2, 3].forEach((id) => {
        const p = Math.exp((logits[id] as number) / temperature) / total;
        const share = drawn.filter((d) => d === id).length / 600;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 600));
      });
    }
  });

  test('draws only what top-k, top-p and min-p leave', async () => {
    const logits = [-1e9, 0, 1, 2, 3];
    const prompts = Array.from({ length: 200 }, () => [1]);
    const drawn = async (cut: Partial<Sampling>): Promise<number[]> => {
      const out = await generate(fixed(logits), prompts, { maxNewTokens: 1, seed: 4, ...cut });
      return [...new Set(out.flat())].sort((a, b) => a - b);
    };
    expect(await drawn({})).toEqual([1, 2, 3, 4]);
    expect(await drawn({ topK: 3 })).toEqual([2, 3, 4]);
    expect(await drawn({ topP: 0.7 })).toEqual([3, 4]);
    expect(await drawn({ minP: 0.5 })).toEqual([4]);
  });

  test('continues with what the edited model finds most probable', async () => {
    const edit = {
      site: 'blocks.1.hook_resid_post',
      apply: (x: Matrix) =>
        matrix(
          x.rows,
          x.columns,
          x.data.map((v, i) => (i % 16 === 3 ? v + 50 : v)),
        ),
    };
    const edits = [edit];
    const { logits } = await model.run([[5, 6]], { logits: 'last', edits });
    const best = logits?.data.indexOf(Math.max(...logits.data)) as number;
    const [next] = await model.generate([[5, 6]], {
      maxNewTokens: 1,
      temperature: 0,
      seed: 1,
      edits,
    });
    expect(next).toEqual(best === 0 ? [] : [best]);
    expect(
      await model.generate([[5, 6]], { maxNewTokens: 1, temperature: 0, seed: 1 }),
    ).not.toEqual([next]);
  });

  test('of no prompt, or no tokens, gives nothing', async () => {
    expect(await model.generate([], { maxNewTokens: 3, seed: 1 })).toEqual([]);
    expect(await model.generate([[1]], { maxNewTokens: 0, seed: 1 })).toEqual([[]]);
  });
});

describe('a token stepper', () => {
  const random = createRandom(9);
  const prompts = Array.from({ length: 40 }, () =>
    Array.from({ length: 1 + random.integer(12) }, () => 1 + random.integer(4)),
  );
  const sampling: Sampling = { maxNewTokens: 7, temperature: 0.8, topK: 4, seed: 6 };

  test('that remembers rows gives what running them again gives', async () => {
    const expected = await generate(modelOf(hashed), prompts, sampling);
    const found = await generateWith(remembering(), modelOf(hashed), prompts, sampling);
    expect(found).toEqual(expected);
    expect(new Set(found.map((tokens) => tokens.length)).size).toBeGreaterThan(3);
  });

  test('gives the same in batches as all at once', async () => {
    const small = { ...modelOf(hashed), info: { ...info, vocabularySize: 2 ** 21 } };
    const [all, some] = [remembering(), remembering()];
    const expected = await generateWith(all, modelOf(hashed), prompts, sampling);
    expect(await generateWith(some, small, prompts, sampling)).toEqual(expected);
    const starts = (log: readonly string[]): string[] => log.filter((s) => s.startsWith('start'));
    expect(starts(all.log)).toEqual(['start 40']);
    expect(starts(some.log)).toEqual(['start 8', 'start 8', 'start 8', 'start 8', 'start 8']);
  });

  test('is told which rows go on, and steps no more than it must', async () => {
    const stepper = remembering();
    await generateWith(stepper, fixed([]), [full.slice(1), [1], full.slice(2)], {
      maxNewTokens: 2,
      temperature: 0,
      seed: 1,
    });
    // The longest row comes first, and is full after one token.
    expect(stepper.log[0]).toBe('start 3');
    expect(stepper.log[1]).toMatch(/^keep (1|2|1,2)$/);
    expect(stepper.log.length).toBe(3);
    expect(stepper.log[2]).toMatch(/^step [12]$/);
  });

  test('is not started for prompts that are full', async () => {
    const stepper = remembering();
    expect(await generateWith(stepper, fixed([]), [full], { maxNewTokens: 2, seed: 1 })).toEqual([
      [],
    ]);
    expect(stepper.log).toEqual([]);
  });
});

describe('generation refuses', () => {
  const sampling: Sampling = { maxNewTokens: 2, seed: 1 };

  test.each<[string, Partial<Sampling>, RegExp]>([
    ['a negative temperature', { temperature: -1 }, /temperature is -1/],
    ['a temperature that is no number', { temperature: NaN }, /temperature is NaN/],
    ['an infinite temperature', { temperature: Infinity }, /temperature is Infinity/],
    ['no share of the probability', { topP: 0 }, /topP is 0/],
    ['more than all of it', { topP: 1.1 }, /topP is 1.1/],
    ['no tokens to draw', { topK: 0 }, /topK is 0/],
    ['half a token', { topK: 1.5 }, /topK is 1.5/],
    ['more than as probable as the top', { minP: 1.01 }, /minP is 1.01/],
    ['less than improbable', { minP: -0.1 }, /minP is -0.1/],
    ['fewer than no new tokens', { maxNewTokens: -1 }, /maxNewTokens is -1/],
    ['half a new token', { maxNewTokens: 0.5 }, /maxNewTokens is 0.5/],
    ['an empty stop string', { stop: ['a', ''] }, /stop string is empty/],
  ])('%s', async (_, changes, says) => {
    const refused = generate(fixed([0, 1]), [[1]], { ...sampling, ...changes });
    await expect(refused).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(says),
    });
  });

  test('a classifier', async () => {
    const classifier = { ...model, info: { ...info, labels: ['bad', 'good'] } };
    await expect(generate(classifier, [[1]], sampling)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/gpt_neox gives 2 scores per text/),
    });
  });

  test.each<[string, readonly number[]]>([
    ['an empty prompt', []],
    ['a prompt longer than the context', [...full, 3]],
  ])('%s', async (_, prompt) => {
    await expect(generate(fixed([0, 1]), [[1], prompt], sampling)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringMatching(/prompt 1 has \d+ tokens/),
    });
  });

  test('logits that are no numbers', async () => {
    await expect(generate(fixed([0, NaN]), [[1]], sampling)).rejects.toMatchObject({
      code: 'numbers-invalid',
    });
  });
});
