import { defineProperty } from '@feedprint/feedback';

/** How often a reply speaks of its writer. */
export const speaksOfItself = defineProperty({
  name: 'speaks-of-itself',
  definition: 'The words "I", "me" and "my".',
  inWords: { more: 'more of the writer', less: 'less of the writer' },
  measure: (reply) => reply.match(/\b(?:I|me|my)\b/g)?.length ?? 0,
});
