import assert from 'node:assert/strict';
import { matrix } from '../matrix.ts';
import type { LanguageModel, RunResult } from '../contracts/language-model.ts';
import type { Matrix } from '../matrix.ts';

/** One behaviour that every implementation of a contract has. */
export interface ConformanceCheck {
  readonly name: string;
  run(): Promise<void>;
}

const rows = [[5, 9, 2, 7], [3], [8, 1]];

/** What every `LanguageModel` does; `make` returns one with a vocabulary of at least 16. The caller disposes of it. */
export function languageModelConformance(
  make: () => Promise<LanguageModel>,
): readonly ConformanceCheck[] {
  const check = (
    name: string,
    body: (model: LanguageModel) => Promise<void>,
  ): ConformanceCheck => ({
    name,
    run: async () => body(await make()),
  });
  return [
    check('gives one row per real position, of the width that the site states', async (model) => {
      for (const { site, width } of model.sites) {
        const { activations } = await model.run(rows, { capture: [site] });
        const captured = activations.get(site);
        assert.deepEqual([captured?.rows, captured?.columns], [7, width], site);
      }
    }),
    check('gives a text the same numbers alone as in a batch', async (model) => {
      const together = await model.run(rows, { logits: 'all' });
      const alone = await model.run([rows[2] as number[]], { logits: 'all' });
      close(
        (together.logits as Matrix).data.subarray(5 * model.info.vocabularySize),
        logits(alone).data,
        1e-4,
      );
    }),
    check('gives the first ids of a text where only those are wanted', ({ tokenizer }) => {
      const text = 'a good film, and then another one. ';
      const [whole, own] = [tokenizer.encode(text), tokenizer.encode(text, { special: false })];
      for (const maxTokens of [0, 1, 2, 5, whole.length, whole.length + 1]) {
        assert.deepEqual(tokenizer.encode(text, { maxTokens }), whole.slice(0, maxTokens));
        assert.deepEqual(
          tokenizer.encode(text, { special: false, maxTokens }),
          own.slice(0, maxTokens),
        );
      }
      assert.deepEqual(tokenizer.encode(text, { special: true }), whole);
      assert.deepEqual(
        whole.filter((id) => !tokenizer.specialIds.has(id)),
        own,
      );
      return Promise.resolve();
    }),
    check('gives log-probabilities that agree with its logits', async (model) => {
      const watched = Int32Array.of(0, 7);
      const result = await model.run(rows, {
        logits: 'all',
        tokenLogProbs: true,
        logProbsOf: watched,
      });
      const all = logits(result);
      const logProb = (position: number, token: number): number => {
        const scores = all.data.subarray(position * all.columns, (position + 1) * all.columns);
        const top = scores.reduce((a, b) => Math.max(a, b));
        return (
          (scores[token] as number) -
          top -
          Math.log(scores.reduce((sum, s) => sum + Math.exp(s - top), 0))
        );
      };
      const expected = [0, logProb(0, 9), logProb(1, 2), logProb(2, 7), 0, 0, logProb(5, 1)];
      close(result.tokenLogProbs ?? [], expected, 1e-4);
      const of = [0, 1, 2, 3, 4, 5, 6].flatMap((p) =>
        [...watched].map((token) => logProb(p, token)),
      );
      close(result.logProbsOf?.data ?? [], of, 1e-4);
    }),
    check('gives the last logits of each text', async (model) => {
      const last = logits(await model.run(rows, { logits: 'last' }));
      const all = logits(await model.run(rows, { logits: 'all' }));
      const v = model.info.vocabularySize;
      close(last.data.subarray(0, v), all.data.subarray(3 * v, 4 * v), 1e-4);
      close(last.data.subarray(2 * v), all.data.subarray(6 * v), 1e-4);
    }),
    check('is unchanged by an edit that changes nothing', async (model) => {
      for (const { site } of model.sites) {
        const edits = [{ site, apply: (x: Matrix) => x }];
        close(
          logits(await model.run(rows, { logits: 'all', edits })).data,
          logits(await model.run(rows, { logits: 'all' })).data,
          1e-4,
        );
      }
    }),
    check('lets an edit replace what later layers see, at chosen positions only', async (model) => {
      const { site } = model.sites[0] as { site: string };
      // A single unit: a norm would remove what is added to all of them.
      const apply = (x: Matrix, position: Int32Array): Matrix =>
        matrix(
          x.rows,
          x.columns,
          x.data.map((v, i) => (i % x.columns === 0 && position[i / x.columns] === 2 ? v + 1 : v)),
        );
      const edited = logits(await model.run(rows, { logits: 'all', edits: [{ site, apply }] }));
      const plain = logits(await model.run(rows, { logits: 'all' }));
      const v = model.info.vocabularySize;
      close(edited.data.subarray(0, 2 * v), plain.data.subarray(0, 2 * v), 1e-4);
      assert.ok(
        distance(edited.data.subarray(2 * v, 3 * v), plain.data.subarray(2 * v, 3 * v)) > 1e-4,
      );
    }),
    check(
      'samples the same continuations from the same seed, whatever else is in the batch',
      async (model) => {
        const sampling = { maxNewTokens: 4, seed: 7 };
        const first = await model.generate(rows, sampling);
        assert.deepEqual(await model.generate(rows, sampling), first);
        assert.deepEqual(await model.generate([rows[0] as number[]], sampling), [first[0]]);
      },
    ),
    check('returns the token that ends a continuation where that is asked for', async (model) => {
      const { specialIds } = model.tokenizer;
      const prompts = Array.from({ length: 40 }, () => rows[0] as number[]);
      const sampling = { maxNewTokens: 40, temperature: 3, seed: 7 };
      const kept = await model.generate(prompts, { ...sampling, keepEnd: true });
      assert.deepEqual(
        kept.map((row) => row.filter((token) => !specialIds.has(token))),
        await model.generate(prompts, sampling),
      );
      for (const row of kept) {
        const special = row.slice(0, -1).find((token) => specialIds.has(token));
        assert.equal(special, undefined, 'a special token stands before the end');
      }
    }),
    check('takes the most probable token at temperature 0', async (model) => {
      const [next] = await model.generate([rows[0] as number[]], {
        maxNewTokens: 1,
        temperature: 0,
        seed: 1,
      });
      const last = logits(await model.run([rows[0] as number[]], { logits: 'last' })).data;
      const best = last.indexOf(Math.max(...last));
      assert.deepEqual(next, model.tokenizer.specialIds.has(best) ? [] : [best]);
    }),
    check('streams parameters that are finite and have the stated shape', async (model) => {
      let count = 0;
      for (const { name, shape, data } of model.parameters()) {
        assert.equal(
          data.length,
          shape.reduce((a, b) => a * b, 1),
          name,
        );
        count += data.length;
      }
      assert.ok(count > 0, 'there are no parameters');
    }),
    check('computes with other parameters where it can, and stays as it was', async (model) => {
      if (!model.withParameters) return;
      const before = logits(await model.run(rows, { logits: 'all' })).data;
      const own = new Map([...model.parameters()].map(({ name, data }) => [name, data]));
      const same = model.withParameters(own);
      assert.deepEqual(logits(await same.run(rows, { logits: 'all' })).data, before);
      const ofAll = model.withParameters(
        new Map([...own].map(([name, data]) => [name, data.map((x) => 1.5 * x)])),
      );
      assert.ok(distance(logits(await ofAll.run(rows, { logits: 'all' })).data, before) > 1e-4);
      for (const { name, data } of ofAll.parameters()) {
        close(
          data,
          (own.get(name) as Float32Array).map((x) => 1.5 * x),
          0,
        );
      }
      assert.equal(new Set([model, same, ofAll].map(({ fingerprint }) => fingerprint)).size, 3);
      const [name] = own.keys();
      for (const wrong of [
        ['nowhere', Float32Array.of(1)],
        [name as string, new Float32Array(0)],
      ] as const) {
        assert.throws(() => model.withParameters?.(new Map([wrong])), { name: 'FeedprintError' });
      }
      for (const made of [same, ofAll]) await made.dispose();
      assert.deepEqual(logits(await model.run(rows, { logits: 'all' })).data, before);
    }),
    check(
      'refuses ids outside the vocabulary, empty and too long texts, unknown sites',
      async (model) => {
        await assert.rejects(model.run([[model.info.vocabularySize]], { logits: 'all' }), {
          name: 'FeedprintError',
        });
        await assert.rejects(model.run([[]], { logits: 'all' }), { name: 'FeedprintError' });
        const long = new Array<number>(model.info.contextLength + 1).fill(1);
        await assert.rejects(model.run([long], { logits: 'all' }), { name: 'FeedprintError' });
        await assert.rejects(model.run(rows, { capture: ['blocks.0.hook_nowhere'] }), {
          name: 'FeedprintError',
        });
      },
    ),
  ];
}

function logits({ logits: value }: RunResult): Matrix {
  assert.ok(value, 'logits were asked for');
  return value;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))),
    0,
  );
}

function close(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  assert.ok(distance(a, b) <= tolerance, `differ by ${distance(a, b)}`);
}
