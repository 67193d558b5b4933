import assert from 'node:assert/strict';
import type { FeedbackSignal } from '../contracts/feedback.ts';

const odd = ['', ' ', '\u0000', '\ud800', '__proto__', ' constructor', '\n'.repeat(1000)];

/**
 * What every `FeedbackSignal` must do, shown on `examples` of its granularity, of which it must score at least one.
 */
export function feedbackSignalConformance(
  make: () => FeedbackSignal,
  examples: readonly string[],
): readonly { readonly name: string; run(): Promise<void> }[] {
  const all = [...examples, ...odd];
  return [
    {
      name: 'has a name and a known granularity',
      run: async () => {
        const { name, granularity } = make();
        assert.ok(name.length > 0);
        assert.ok(['token', 'sequence', 'pair'].includes(granularity), granularity);
      },
    },
    {
      name: 'has a finite range, the smaller score first',
      run: async () => {
        const [low, high] = make().range;
        assert.ok(Number.isFinite(low) && Number.isFinite(high) && low < high, `[${low}, ${high}]`);
      },
    },
    {
      name: 'gives one score per example, and scores some of them',
      run: async () => {
        const scores = make().score(examples);
        assert.equal(scores.length, examples.length);
        assert.ok(
          scores.some((score) => score !== undefined),
          'no example has a score',
        );
      },
    },
    {
      name: 'keeps every score in its range, for odd texts too',
      run: async () => {
        const signal = make();
        const [low, high] = signal.range;
        const scores = signal.score(all);
        assert.equal(scores.length, all.length);
        for (const score of scores) {
          if (score !== undefined) assert.ok(score >= low && score <= high, `${score}`);
        }
      },
    },
    {
      name: 'scores each example by itself, whatever stands beside it',
      run: async () => {
        const signal = make();
        const together = signal.score(all);
        assert.deepEqual(
          all.map((example) => signal.score([example])[0]),
          together,
        );
        assert.deepEqual(signal.score([...all].reverse()), [...together].reverse());
      },
    },
    {
      name: 'is pure: same scores again, from another instance too, and its input untouched',
      run: async () => {
        const signal = make();
        const frozen = Object.freeze([...all]);
        const scores = signal.score(frozen);
        assert.deepEqual(signal.score(frozen), scores);
        assert.deepEqual(make().score(frozen), scores);
      },
    },
    {
      name: 'scores nothing when given nothing',
      run: async () => assert.deepEqual(make().score([]), []),
    },
  ];
}
