import { fixed } from '../../format.ts';
import { listed } from '../../text.ts';
import type { PropertyReport } from './schema.ts';

/** Correlation from which a property that was found is mostly a counted one. */
const MOSTLY = 0.5;
/** Words of a definition that are short enough to stand in a sentence. */
const SHORT = 2;

/** What is known of a property that is put in words. */
type Named = Pick<PropertyReport, 'name' | 'definition' | 'inWords' | 'resembles'>;

/** What people call a property: its definition if that is short, its name otherwise. */
export function nameInWords({ name, definition }: Named): string {
  const plain = definition.replace(/\.$/, '');
  const short = plain.split(' ').length <= SHORT && !plain.includes(',');
  return short ? plain.charAt(0).toLowerCase() + plain.slice(1) : name.replaceAll('-', ' ');
}

/** Whether more of it was learned. */
export const isMore = ({ learned }: PropertyReport): boolean => (learned?.effect ?? 0) > 0;

/** What is learned with more of a property, or with less: "longer words", "fewer commas", "more difference feature 3 (mostly commas)". */
export function changeInWords(property: Named, more: boolean): string {
  const { inWords } = property;
  if (inWords) return more ? inWords.more : inWords.less;
  const name = nameInWords(property);
  const change = `${more ? 'more' : name.endsWith('s') ? 'fewer' : 'less'} ${name}`;
  const known = resemblance(property);
  return known !== null && isMostly(property) ? `${change} (${known})` : change;
}

const isMostly = ({ resembles }: Named): boolean => Math.abs(resembles?.mostly?.r ?? 0) >= MOSTLY;

/** Which counted property one that was found in pairs mostly is, or is most like: "mostly exclamation"; null for a counted one. */
function resemblance(property: Named): string | null {
  const mostly = property.resembles?.mostly;
  if (!mostly) return null;
  const name = mostly.property.replaceAll('-', ' ');
  return `${isMostly(property) ? 'mostly' : 'most like'} ${mostly.r < 0 ? 'the opposite of ' : ''}${name}`;
}

/** The same with its correlation, and what counted properties tell of it together. */
export function resemblanceWithR(property: PropertyReport): string | null {
  const words = resemblance(property);
  const { mostly, explained = 0 } = property.resembles ?? {};
  return words === null || !mostly
    ? null
    : `${words} (r = ${fixed(mostly.r)}); counted properties explain ${fixed(100 * explained, 0)} %`;
}

/** Whether it was found in pairs by a model, so that it has no name but a number. */
export const isNumbered = ({ resembles, source }: PropertyReport): boolean =>
  resembles !== undefined && source === 'model';

/** A finding: "less length", or where it may be another property instead, "less length or fewer sentences". */
export const findingInWords = (group: readonly PropertyReport[]): string =>
  [...new Set(group.map((each) => changeInWords(each, isMore(each))))].join(' or ');

/** Findings in a row, at most `most` of them by name: "more commas, longer words and 2 others". */
export function inWords(findings: readonly (readonly PropertyReport[])[], most = 3): string {
  const named = findings.slice(0, most).map(findingInWords);
  const rest = findings.length - named.length;
  return listed(rest > 0 ? [...named, `${rest} other${rest > 1 ? 's' : ''}`] : named);
}
