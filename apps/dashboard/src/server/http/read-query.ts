import type { z } from 'zod';
import { Refused } from './respond.ts';

/** What an address asks for after its `?`, checked; what is left out takes the schema's default. */
export function readQuery<T>({ searchParams }: URL, schema: z.ZodType<T>): T {
  const given = [...searchParams].filter(([, value]) => value !== '');
  const checked = schema.safeParse(Object.fromEntries(given));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue?.path.join('.') || 'the address';
  throw new Refused(400, 'request-invalid', `${place}: ${issue?.message ?? 'not understood'}`);
}
