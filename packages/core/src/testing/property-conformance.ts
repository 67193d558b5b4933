import assert from 'node:assert/strict';
import type { Reply } from '../contracts/feedback.ts';
import type { Property } from '../contracts/property.ts';

const odd = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__ constructor',
  '\n'.repeat(1000),
  '*'.repeat(1000),
  '**__``[]('.repeat(100),
  '١٢ 漢字。かな！ ümläut’s 👩‍👩‍👧 🇩🇪',
];

export interface PropertyConformanceOptions {
  /** How far apart two measurements of one reply may be, for properties computed together in floats. Default 0. */
  readonly tolerance?: number;
}

/** What every `Property` must do, shown on `replies`, of which it must tell at least two apart. */
export function propertyConformance(
  make: () => Property,
  replies: readonly Reply[],
  { tolerance = 0 }: PropertyConformanceOptions = {},
): readonly { readonly name: string; run(): Promise<void> }[] {
  const all: readonly Reply[] = [
    ...replies,
    ...odd.flatMap((text) => [
      { prompt: '', reply: text },
      { prompt: text, reply: `A reply. ${text}` },
    ]),
  ];
  const assertSame = (a: Float64Array, b: Float64Array): void => {
    assert.equal(a.length, b.length);
    a.forEach((value, i) => {
      const other = b[i] as number;
      const near = Object.is(value, other) || Math.abs(value - other) <= tolerance;
      assert.ok(near, `reply ${i} measures ${value} and ${other}`);
    });
  };
  return [
    {
      name: 'has a name in kebab case, a known source and settings that are plain JSON',
      run: async () => {
        const { name, source, settings } = make();
        assert.match(name, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
        assert.ok(['text', 'model', 'judge'].includes(source), source);
        assert.deepEqual(JSON.parse(JSON.stringify(settings)), settings);
      },
    },
    {
      name: 'says in one sentence what is counted',
      run: async () => {
        const { definition } = make();
        assert.match(
          definition,
          /^[A-Z][^\n]*[.]$/,
          'starts with a capital, ends with a full stop',
        );
      },
    },
    {
      name: 'gives one number per reply, and tells some replies apart',
      run: async () => {
        const values = await make().measure(replies);
        assert.ok(values instanceof Float64Array, 'measure gives no Float64Array');
        assert.equal(values.length, replies.length);
        const finite = new Set(values.filter((value) => Number.isFinite(value)));
        assert.ok(finite.size >= 2, `measures ${[...values].join(', ')}`);
      },
    },
    {
      name: 'gives a finite number or NaN, for odd texts too',
      run: async () => {
        const values = await make().measure(all);
        assert.equal(values.length, all.length);
        values.forEach((value, i) =>
          assert.ok(Math.abs(value) !== Infinity, `reply ${i} measures ${value}`),
        );
      },
    },
    {
      name: 'measures each reply by itself, whatever stands beside it',
      run: async () => {
        const property = make();
        const together = await property.measure(all);
        const alone = new Float64Array(all.length);
        for (const [i, reply] of all.entries()) {
          alone[i] = (await property.measure([reply]))[0] as number;
        }
        assertSame(alone, together);
        assertSame((await property.measure([...all].reverse())).reverse(), together);
      },
    },
    {
      name: 'is pure: same numbers again, from another instance too, and its input untouched',
      run: async () => {
        const property = make();
        const frozen = Object.freeze(all.map((reply) => Object.freeze({ ...reply })));
        const values = await property.measure(frozen);
        assert.deepEqual(await property.measure(frozen), values);
        assert.deepEqual(await make().measure(frozen), values);
      },
    },
    {
      name: 'measures nothing when given nothing',
      run: async () => assert.equal((await make().measure([])).length, 0),
    },
  ];
}
