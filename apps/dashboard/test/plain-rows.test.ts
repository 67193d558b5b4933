import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { featureRowSchema } from '../src/api/features.ts';
import { plainRows } from '../src/api/plain-rows.ts';

const row = z.object({
  name: z.string(),
  index: z.int(),
  value: z.number().nullable(),
  known: z.boolean(),
  inner: z.object({ tokens: z.array(z.string()) }),
});
const whole = { name: 'a', index: 1, value: 0.5, known: true, inner: { tokens: ['b'] } };

/** What may stand in the place of a field. */
const strange: readonly unknown[] = [
  ...[undefined, null, '', 'x', 0, -0, 1.5, -7, 2 ** 53, 2 ** 53 - 1, NaN, Infinity, 1e308],
  ...[true, [], [''], [1], {}, { tokens: [] }, { tokens: [null] }, { tokens: 'x' }, () => 1, 1n],
];

describe('plainRows', () => {
  test('takes what z.array takes, and nothing else', () => {
    const rows = [
      ...strange.map((value) => ({ ...whole, more: value })),
      ...Object.keys(whole).flatMap((name) =>
        strange.map((value) => ({ ...whole, [name]: value })),
      ),
      ...strange,
    ];
    const taken = rows.map((one) => plainRows(row).safeParse([whole, one]).success);
    expect(taken).toEqual(rows.map((one) => z.array(row).safeParse([whole, one]).success));
    expect(new Set(taken).size).toBe(2);
    for (const value of strange) {
      expect(plainRows(row).safeParse(value).success).toBe(z.array(row).safeParse(value).success);
    }
  });

  test('knows every kind of field of a feature', () => {
    expect(plainRows(featureRowSchema).parse([])).toEqual([]);
    expect(() => plainRows(z.object({ at: z.date() }))).toThrow('does not know');
  });
});
