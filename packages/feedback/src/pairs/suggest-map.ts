import type { JsonObject } from '../readers/row.ts';

const names = {
  chosen:
    /^(chosen|preferred|better|best|winn?(er|ing)?|accepted|good|positive|pos|matching)(?![a-z])/i,
  rejected:
    /^(rejected|dispreferred|worse|worst|los(er|ing|e)|bad|negative|neg|not_matching)(?![a-z])/i,
  prompt: /^(prompt|question|instruction|input|query|context|history|post|user)/i,
  label: /^(chosen|label|labels|winner|preference|preferred|choice|better|best|vote|annotation)/i,
} as const;

/** Columns as people are told of them. */
export const columnNames = (record: JsonObject): string => Object.keys(record).join(', ');

const isText = (value: unknown): boolean =>
  Array.isArray(value) || (typeof value === 'string' && !/^-?[\d.]+$/.test(value));

/**
 * What to tell people whose columns have unknown names: the `--map` that their names, and what the first records hold,
 * make likely. `undefined` if they make none likely.
 */
export function suggestMap(records: readonly JsonObject[]): string | undefined {
  const all = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const texts = all.filter((column) => records.some((record) => isText(record[column])));
  const named = (pattern: RegExp, from: readonly string[]): string | undefined =>
    from.find((column) => pattern.test(column));
  const [chosen, rejected] = [named(names.chosen, texts), named(names.rejected, texts)];
  const told = chosen && rejected ? ([chosen, rejected] as const) : undefined;
  const alike = twoAlike(texts);
  // Columns that name the better and the worse one may hold names of models.
  const isLonger = told && (!alike || lengthOf(told, records) >= lengthOf(alike, records));
  const sides = isLonger ? told : alike;
  if (!sides) return undefined;
  const others = all.filter((column) => !sides.includes(column));
  const prompt = named(
    names.prompt,
    others.filter((column) => texts.includes(column)),
  );
  const base = `--map chosen=${sides[0]},rejected=${sides[1]}${prompt ? `,prompt=${prompt}` : ''}`;
  if (sides === told) return `say which columns hold what: ${base}`;
  const label = named(names.label, others);
  return label
    ? `say what the label means: ${base},label=${label} where a true label (1, "${sides[0]}") prefers ${sides[0]}; exchange the two where it prefers ${sides[1]}`
    : `say which reply is the better one: ${base} if it is always ${sides[0]}; exchange the two if it is ${sides[1]}`;
}

/** Characters that columns hold. */
const lengthOf = (columns: readonly string[], records: readonly JsonObject[]): number =>
  records.reduce(
    (sum, record) =>
      columns.reduce((all, column) => all + JSON.stringify(record[column] ?? '').length, sum),
    0,
  );

/** The first two columns whose names differ only in their last letter or number: `response_a` and `response_b`. */
function twoAlike(columns: readonly string[]): readonly [string, string] | undefined {
  for (const [i, first] of columns.entries()) {
    const second = columns
      .slice(i + 1)
      .find((column) => column.slice(0, -1) === first.slice(0, -1) && first.length > 1);
    if (second !== undefined) return [first, second];
  }
  return undefined;
}
