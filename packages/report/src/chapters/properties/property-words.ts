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

/** Properties in a row, at most `most` of them by name: "more commas, less length and 2 others". */
export function inWords(properties: readonly PropertyReport[], most = 3): string {
  const named = properties
    .slice(0, most)
    .map((each) => `${isMore(each) ? 'more' : 'less'} ${nameInWords(each)}`);
  const rest = properties.length - named.length;
  return listed(rest > 0 ? [...named, `${rest} other${rest > 1 ? 's' : ''}`] : named);
}
