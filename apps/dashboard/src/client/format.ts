/** Invisible characters, and those that reorder what stands around them. */
const invisible = /(?!\n|\t|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Hostile text with invisible characters spelled out: `⟨U+202E⟩`. React escapes the rest. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${hex}⟩`;
  });
}

/** A name in kebab case with spaces: `first person`. */
export const spaced = (name: string): string => name.replaceAll('-', ' ');

/** A whole number with thousands separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three significant digits, zeros kept, with a real minus sign: `0.0370`, `29.1`, `1,340`, `1.2e−7`. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return count(value).replaceAll('-', '−');
  const plain = size === 0 || (size >= 1e-3 && size < 1000);
  const text = plain ? value.toPrecision(3) : value.toExponential(1).replace('e+', 'e');
  return (size === 0 ? '0' : text).replaceAll('-', '−');
}

/** A count as it is, anything else to three digits. */
export const figureText = ({
  value,
  interval,
}: {
  readonly value: number;
  readonly interval: object | null;
}): string => (Number.isInteger(value) && interval === null ? count(value) : significant(value));

/** A share in whole per cent, with a real minus sign. */
export const percent = (share: number): string =>
  `${(100 * share).toFixed(0).replace(/^-0$/, '0').replaceAll('-', '−')} %`;

/** Seconds as `0.4 s`, `42 s`, `5 min 07 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A date and time in the reader's own zone: `Nov 22, 14:08`. */
export function moment(iso: string): string {
  const options = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return new Date(iso).toLocaleString('en-US', { ...options, hourCycle: 'h23' });
}

/** Seconds from one moment to another. */
export function secondsBetween(from: string, to: string | number): number {
  return ((typeof to === 'number' ? to : Date.parse(to)) - Date.parse(from)) / 1000;
}
