import { z } from 'zod';

/**
 * Alternatives of the patterns by which byte-level tokenizers split (GPT-2, Llama 3, Qwen 2, Tekken, o200k). None
 * matches a non-blank with a space after it, or uses lookbehind.
 */
const known = new Set([
  "'s",
  "'t",
  "'re",
  "'ve",
  "'m",
  "'ll",
  "'d",
  "'(?:[sdmt]|ll|ve|re)",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
  "'(?i:[sdmt]|ll|ve|re)",
  ' ?\\p{L}+',
  ' ?\\p{N}+',
  ' ?[^\\s\\p{L}\\p{N}]+',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*',
  '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+',
  '[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+',
  '[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*',
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
  '\\p{N}',
  '\\p{N}+',
  '\\p{N}{1,3}',
  '\\s*[\\r\\n]+',
  '\\s*[\\r\\n]',
  '\\s+(?!\\S)',
  '\\s+',
]);

const byteLevel = z.looseObject({
  type: z.literal('ByteLevel'),
  use_regex: z.boolean().default(true),
});
const split = z.looseObject({
  type: z.literal('Split'),
  pattern: z.object({ Regex: z.string() }),
  behavior: z.literal('Isolated'),
  invert: z.literal(false).default(false),
});
const sequence = z.looseObject({
  type: z.literal('Sequence'),
  pretokenizers: z.array(z.unknown()),
});

/**
 * Whether a pre-tokenizer splits every text before a space and a letter that follow a non-blank, and then each side
 * separately.
 */
export function cutsWords(preTokenizer: unknown): boolean {
  if (byteLevel.safeParse(preTokenizer).data?.use_regex) return true;
  const [first, second, ...more] = sequence.safeParse(preTokenizer).data?.pretokenizers ?? [];
  const pattern = split.safeParse(first).data?.pattern.Regex;
  if (pattern === undefined || more.length > 0 || !byteLevel.safeParse(second).success)
    return false;
  const parts = alternatives(pattern);
  return parts.every((part) => known.has(part)) && parts.at(-1) === '\\s+' && parts.some(isWord);
}

const isWord = (alternative: string): boolean => /\\p\{L[l}].*\+/.test(alternative);

/** The parts of a pattern between the bars that are outside groups and classes. */
function alternatives(pattern: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of pattern.matchAll(/\\.|[\s\S]/gu)) {
    if (token === '(' || token === '[') depth++;
    else if (token === ')' || token === ']') depth--;
    if (token === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
