import { z } from 'zod';

/** Brackets to try as the start of a JSON value; keeps a text of nothing but brackets from taking forever. */
const maxBrackets = 1000;

/** What a model's answer was found to be. */
export type ParsedAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * Reads JSON out of a chat model's answer: the whole of it, or the first JSON value in it that fits `schema` (models wrap
 * JSON in prose, code fences or `<think>` blocks). Otherwise says what is wrong, in words that the model can be sent.
 */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>): ParsedAnswer<T> {
  const body = text.replace(/<think>[\s\S]*?<\/think>/g, '');
  let problem = 'it holds no JSON';
  let first = true;
  for (const candidate of jsonValues(body)) {
    const result = schema.safeParse(candidate);
    if (result.success) return { ok: true, value: result.data };
    if (first) problem = z.prettifyError(result.error);
    first = false;
  }
  return { ok: false, problem };
}

/** The text as one JSON value, else every object or array in it, from left to right. */
function* jsonValues(text: string): Generator<unknown> {
  const whole = tryParse(text);
  if (whole) {
    yield whole.value;
    return;
  }
  const bracket = /[{[]/g;
  for (let tries = 0; tries < maxBrackets; tries++) {
    const at = bracket.exec(text)?.index;
    if (at === undefined) return;
    const end = closingIndex(text, at);
    const parsed = end === undefined ? undefined : tryParse(text.slice(at, end + 1));
    if (parsed && end !== undefined) {
      yield parsed.value;
      bracket.lastIndex = end + 1;
    }
  }
}

/** Index of the bracket that closes the one at `start`, brackets inside JSON strings left out. */
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
