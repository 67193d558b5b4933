import { listed } from '../../text.ts';
import type { PropertyReport } from './schema.ts';

/** Words of a definition that are short enough to stand in a sentence. */
const SHORT = 2;

/** What people call a property: its definition if that is short, its name otherwise. */
export function nameInWords({ name, definition }: PropertyReport): string {
  const plain = definition.replace(/\.$/, '');
  const short = plain.split(' ').length <= SHORT && !plain.includes(',');
  return short ? plain.charAt(0).toLowerCase() + plain.slice(1) : name.replaceAll('-', ' ');
}

/** Whether more of it was learned. */
export const isMore = ({ learned }: PropertyReport): boolean => (learned?.effect ?? 0) > 0;

/** What is learned with more of a property, or with less: "longer words", "fewer commas". */
export function changeInWords(property: PropertyReport, more: boolean): string {
  const { inWords } = property;
  if (inWords) return more ? inWords.more : inWords.less;
  const name = nameInWords(property);
  return `${more ? 'more' : name.endsWith('s') ? 'fewer' : 'less'} ${name}`;
}

/** A finding: "less length", or where it may be another property instead, "less length or fewer sentences". */
export const findingInWords = (group: readonly PropertyReport[]): string =>
  [...new Set(group.map((each) => changeInWords(each, isMore(each))))].join(' or ');

/** Findings in a row, at most `most` of them by name: "more commas, longer words and 2 others". */
export function inWords(findings: readonly (readonly PropertyReport[])[], most = 3): string {
  const named = findings.slice(0, most).map(findingInWords);
  const rest = findings.length - named.length;
  return listed(rest > 0 ? [...named, `${rest} other${rest > 1 ? 's' : ''}`] : named);
}
