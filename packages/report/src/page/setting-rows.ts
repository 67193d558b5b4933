/** A configuration as lines of dotted name and value; lists of plain values stay on one line. */
export function settingRows(
  settings: Readonly<Record<string, unknown>>,
  prefix = '',
): (readonly [string, string])[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const name = prefix + key;
    if (value === undefined) return [];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const inner = settingRows(value as Record<string, unknown>, `${name}.`);
      return inner.length > 0 ? inner : [[name, '{}'] as const];
    }
    return [[name, typeof value === 'string' ? value : String(JSON.stringify(value))] as const];
  });
}
