import assert from 'node:assert/strict';
import type { FeedbackExamples, FeedbackSignal, Granularity } from '../contracts/feedback.ts';

const odd = ['', ' ', '\u0000', '\ud800', '__proto__', ' constructor', '\n'.repeat(1000)];

/** An odd text as an example of each granularity. */
const oddExample: { readonly [G in Granularity]: (text: string) => FeedbackExamples[G] } = {
  token: (text) => text,
  sequence: (text) => ({ prompt: text.slice(1), reply: text }),
  pair: (text) => ({ prompt: text, chosen: 'a reply', rejected: text }),
};

export interface FeedbackSignalConformanceOptions {
  /** How far apart scores of one example may be, for signals that compute examples together in floats. Default 0. */
  readonly tolerance?: number;
}

/**
 * What every `FeedbackSignal` must do, shown on `examples` of its granularity, of which it must score at least one.
 */
export function feedbackSignalConformance<G extends Granularity>(
  make: () => FeedbackSignal<G>,
  examples: readonly FeedbackExamples[G][],
  { tolerance = 0 }: FeedbackSignalConformanceOptions = {},
): readonly { readonly name: string; run(): Promise<void> }[] {
  const all = (): readonly FeedbackExamples[G][] => {
    const wrap = oddExample[make().granularity];
    return [...examples, ...odd.map((text) => wrap(text))];
  };
  const assertSame = (
    a: readonly (number | undefined)[],
    b: readonly (number | undefined)[],
  ): void => {
    assert.equal(a.length, b.length);
    a.forEach((score, i) => {
      const other = b[i];
      const near =
        score === undefined || other === undefined
          ? score === other
          : Math.abs(score - other) <= tolerance;
      assert.ok(near, `example ${i} is scored ${score} and ${other}`);
    });
  };
  return [
    {
      name: 'has a name and a known granularity',
      run: async () => {
        const { name, granularity } = make();
        assert.ok(name.length > 0, 'the name is empty');
        assert.ok(['token', 'sequence', 'pair'].includes(granularity), granularity);
      },
    },
    {
      name: 'has a range, the smaller score first',
      run: async () => {
        const [low, high] = make().range;
        assert.ok(low < high, `[${low}, ${high}]`);
      },
    },
    {
      name: 'gives one score per example, and scores some of them',
      run: async () => {
        const scores = await make().score(examples);
        assert.equal(scores.length, examples.length);
        assert.ok(
          scores.some((score) => score !== undefined),
          'no example has a score',
        );
      },
    },
    {
      name: 'keeps every score finite and in its range, for odd texts too',
      run: async () => {
        const signal = make();
        const [low, high] = signal.range;
        const scores = await signal.score(all());
        assert.equal(scores.length, all().length);
        for (const score of scores) {
          if (score === undefined) continue;
          assert.ok(Number.isFinite(score) && score >= low && score <= high, `${score}`);
        }
      },
    },
    {
      name: 'scores each example by itself, whatever stands beside it',
      run: async () => {
        const signal = make();
        const together = await signal.score(all());
        const alone: (number | undefined)[] = [];
        for (const example of all()) alone.push(...(await signal.score([example])));
        assertSame(alone, together);
        assertSame(await signal.score([...all()].reverse()), [...together].reverse());
      },
    },
    {
      name: 'is pure: same scores again, from another instance too, and its input untouched',
      run: async () => {
        const signal = make();
        const frozen = Object.freeze([...all()]);
        const scores = await signal.score(frozen);
        assert.deepEqual(await signal.score(frozen), scores);
        assert.deepEqual(await make().score(frozen), scores);
      },
    },
    {
      name: 'scores nothing when given nothing',
      run: async () => assert.deepEqual(await make().score([]), []),
    },
  ];
}
