import { quoteData } from '@feedprint/core';
import type { Reply } from '@feedprint/core';

/** A reply after its prompt, or a text without one, as data that cannot pose as instructions. */
export function quoteReply({ prompt, reply }: Reply): string {
  const asked = prompt === '' ? '' : `Prompt:\n<data>\n${quoteData(prompt)}\n</data>\n\n`;
  return `${asked}${prompt === '' ? 'Text' : 'Reply'}:\n<data>\n${quoteData(reply)}\n</data>`;
}
