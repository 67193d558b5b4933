import { z } from 'zod';

/** Characters searched for the ends of values; keeps a text of nothing but brackets from taking forever. */
const MOST_WORK = 20_000_000;

const thoughtsEnd = /<\/think(?:ing)?>/gi;
const thoughtsStart = /<think(?:ing)?>/i;

/** What a model's answer was found to be. */
export type ParsedAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * Reads JSON out of a chat model's answer: the last value in it that fits `schema`, since models wrap JSON in prose or code
 * fences and write drafts before the final answer. Thoughts are left out: whatever comes before the last `</think>` (some
 * servers leave the opening tag out) or after a `<think>` that never ends. Otherwise says what is wrong with the last
 * value, in words that the model can be sent.
 */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>): ParsedAnswer<T> {
  const values = answerValues(text).reverse();
  let problem: string | undefined;
  for (const { value } of values) {
    const result = schema.safeParse(value);
    if (result.success) return { ok: true, value: result.data };
    problem ??= z.prettifyError(result.error);
  }
  return { ok: false, problem: problem ?? 'it holds no JSON' };
}

/** A JSON value in a text, `[start, end)`. */
interface JsonPart {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** The values after the thoughts. A tag in a string of the answer neither begins nor ends thoughts. */
function answerValues(text: string): JsonPart[] {
  const tag = [...text.matchAll(thoughtsEnd)].at(-1);
  if (tag === undefined) return beforeThoughts(text);
  const behind = beforeThoughts(text.slice(tag.index + tag[0].length));
  if (behind.length > 0) return behind;
  return jsonParts(text).filter(({ start, end }) => start < tag.index && tag.index < end);
}

function beforeThoughts(text: string): JsonPart[] {
  const parts = jsonParts(text);
  const first = parts.findIndex(({ start }, i) =>
    thoughtsStart.test(text.slice(parts[i - 1]?.end ?? 0, start)),
  );
  return first < 0 ? parts : parts.slice(0, first);
}

/** The text as one JSON value, else every outermost object or array in it, from left to right. */
function jsonParts(text: string): JsonPart[] {
  const whole = tryParse(text);
  if (whole) return [{ start: 0, end: text.length, value: whole.value }];
  const parts: JsonPart[] = [];
  // A bracket that begins no JSON value is skipped without looking for its end.
  const bracket = /\{(?=\s*["}])|\[(?=\s*(?:["[\]\-\dtfn]|\{\s*["}]))/g;
  for (let work = 0; work < MOST_WORK;) {
    const start = bracket.exec(text)?.index;
    if (start === undefined) break;
    const closing = closingIndex(text, start);
    work += (closing ?? text.length) - start;
    const parsed = closing === undefined ? undefined : tryParse(text.slice(start, closing + 1));
    if (!parsed || closing === undefined) continue;
    parts.push({ start, end: closing + 1, value: parsed.value });
    bracket.lastIndex = closing + 1;
  }
  return parts;
}

/** Index of the bracket that closes the one at `start`, ignoring brackets inside JSON strings. */
function closingIndex(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return i;
    }
  }
  return undefined;
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
