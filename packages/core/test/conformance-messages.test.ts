import { expect, test } from '@jest/globals';
import type { Probe, Property } from '../src/index.ts';
import { probeConformance, propertyConformance } from '../src/testing/index.ts';

/** What the check of this name says of an implementation. */
async function complaint(
  checks: readonly { readonly name: string; run(): void | Promise<void> }[],
  name: RegExp,
): Promise<string> {
  const check = checks.find((each) => name.test(each.name));
  try {
    await check?.run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

test('a probe that knows nothing is told how far it is off', async () => {
  const constant: Probe = {
    name: 'constant',
    fit: () => undefined,
    predict: (x) => new Float64Array(x.rows),
    weights: new Float64Array(6),
    toJSON: () => ({}),
  };
  expect(
    await complaint(
      probeConformance(() => constant),
      /planted linear relation/,
    ),
  ).toMatch(/^orders 0\.\d\d of the pairs as planted, not 0\.9$/);
});

test('a property that sees the replies beside it is told which reply differs', async () => {
  const relative: Property = {
    name: 'relative',
    definition: 'Characters beyond those of the first reply.',
    source: 'text',
    settings: {},
    measure: async (replies) =>
      Float64Array.from(replies, ({ reply }) => reply.length - (replies[0]?.reply.length ?? 0)),
  };
  const replies = ['One.', 'Another.'].map((reply) => ({ prompt: '', reply }));
  expect(
    await complaint(
      propertyConformance(() => relative, replies),
      /by itself/,
    ),
  ).toMatch(/^reply 1 measures 0 and 4$/);
});

test('an implementation that conforms is told nothing', async () => {
  const length: Property = {
    name: 'length',
    definition: 'Characters.',
    source: 'text',
    settings: {},
    measure: async (replies) => Float64Array.from(replies, ({ reply }) => reply.length),
  };
  const replies = ['One.', 'Another.'].map((reply) => ({ prompt: '', reply }));
  for (const { name } of propertyConformance(() => length, replies)) {
    expect(
      await complaint(
        propertyConformance(() => length, replies),
        new RegExp(name),
      ),
    ).toBe('nothing');
  }
});
