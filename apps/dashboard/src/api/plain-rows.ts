import { z } from 'zod';

type Check = (value: unknown) => boolean;

/**
 * As `z.array(row)` for long lists of plain rows: each is checked in place. Where code may not be made at run time, as on the page, zod
 * keeps notes of every field, which are most of what a list that is scrolled throws away. Throws for a kind of field that it does not know.
 */
export function plainRows<Row extends z.ZodType>(row: Row): z.ZodType<z.output<Row>[]> {
  const fits = checkOf(row);
  return z.custom<z.output<Row>[]>((value) => Array.isArray(value) && value.every(fits));
}

function checkOf(schema: unknown): Check {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => ({
      name,
      fits: checkOf(field),
    }));
    return (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      fields.every((field) => field.fits((value as Record<string, unknown>)[field.name]));
  }
  if (schema instanceof z.ZodArray) {
    const fits = checkOf(schema.element);
    return (value) => Array.isArray(value) && value.every(fits);
  }
  if (schema instanceof z.ZodNullable) {
    const fits = checkOf(schema.unwrap());
    return (value) => value === null || fits(value);
  }
  if (schema instanceof z.ZodNumberFormat) return Number.isSafeInteger;
  if (schema instanceof z.ZodNumber) return Number.isFinite;
  if (schema instanceof z.ZodString) return (value) => typeof value === 'string';
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  throw new TypeError('plainRows: a kind of field that it does not know');
}
