import { z } from 'zod';
import { cutsWords } from './word-patterns.ts';

/** Parts of a text, in order, whose concatenated ids are the ids of the text. */
export type Cutter = (text: string) => Iterable<string>;

const normalizer = z.looseObject({ type: z.string() });
const addedToken = z.looseObject({
  content: z.string(),
  special: z.boolean().default(false),
  normalized: z.boolean().optional(),
});
const fileSchema = z.looseObject({
  normalizer: normalizer.nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({ type: z.string() }),
  added_tokens: z.array(addedToken).default([]),
});
const metaspaceModel = z.looseObject({
  merges: z.array(z.union([z.string(), z.array(z.string())])),
  vocab: z.record(z.string(), z.int()),
  end_of_word_suffix: z.string().nullish(),
  continuing_subword_suffix: z.string().nullish(),
});
const steps = z.looseObject({ normalizers: z.array(normalizer) });
const replaceSpace = z.looseObject({
  type: z.literal('Replace'),
  pattern: z.object({ String: z.literal(' ') }),
  content: z.literal('▁'),
});
const prependMark = z.looseObject({ type: z.literal('Prepend'), prepend: z.literal('▁') });

const splitAtSpaces = z.looseObject({
  type: z.literal('Split'),
  pattern: z.object({ String: z.literal(' ') }),
});

type TokenizerFile = z.infer<typeof fileSchema>;

/** How the texts of a tokenizer may be cut. */
interface Rule {
  /** Whether the space at `at`, which is not the text's first character, begins a new part. */
  cutsAt(text: string, at: number): boolean;
  /** A part's first space is left out because the tokenizer puts one before every text. */
  readonly dropsSpace: boolean;
}

/**
 * How to cut texts between words for a byte-level BPE, or for one that marks words with `▁`, whatever the text;
 * `undefined` if the tokenizer's file does not show that cutting changes nothing.
 */
export function createCutter(json: unknown): Cutter | undefined {
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success || parsed.data.model.type !== 'BPE') return undefined;
  const file = parsed.data;
  const rule = wordRule(file) ?? markRule(file);
  const contents = file.added_tokens.map(({ content }) => content);
  if (!rule || contents.includes('')) return undefined;
  const longestFirst = contents.sort((a, b) => b.length - a.length).map(escaped);
  const added = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'gu') : undefined;
  return (text) => parts(text, rule, added);
}

function* parts(text: string, rule: Rule, added: RegExp | undefined): Generator<string> {
  let start = 0;
  let token = added && tokenFrom(text, added, 0);
  const part = (end: number): string =>
    text.slice(rule.dropsSpace && start > 0 ? start + 1 : start, end);
  for (let at = text.indexOf(' ', 1); at > 0; at = text.indexOf(' ', at + 1)) {
    if (!rule.cutsAt(text, at)) continue;
    while (added && token && at > token.end) token = tokenFrom(text, added, token.end);
    // An added token is a section of its own in the text, and may include the blanks around it.
    if (token && at >= token.start) continue;
    yield part(at);
    start = at;
  }
  yield part(text.length);
}

/** The next added token and the blanks before it. */
function tokenFrom(
  text: string,
  added: RegExp,
  from: number,
): { readonly start: number; readonly end: number } | undefined {
  added.lastIndex = from;
  const match = added.exec(text);
  if (!match) return undefined;
  let start = match.index;
  while (start > 0 && /[\s▁]/u.test(text[start - 1] as string)) start--;
  return { start, end: match.index + match[0].length };
}

/** Byte-level BPE splits before a space and a letter that follow a non-blank, and normal forms preserve that place. */
function wordRule(file: TokenizerFile): Rule | undefined {
  const form = file.normalizer?.type;
  const normalized = file.added_tokens.filter(({ special, normalized: n }) => n ?? !special);
  // These forms create no spaces, so that added tokens of spaces are in a text before it is normalised, or not at all.
  const known =
    form === undefined ||
    ((form === 'NFC' || form === 'NFD') && normalized.every(({ content }) => /^ +$/.test(content)));
  if (!known || !cutsWords(file.pre_tokenizer)) return undefined;
  return {
    dropsSpace: false,
    cutsAt: (text, at) =>
      isLetter(text.charCodeAt(at + 1), text[at + 1]) &&
      isInk(text.charCodeAt(at - 1), text[at - 1]),
  };
}

/**
 * No token extends beyond the end of a word if none has a `▁` after another character; words are then merged
 * separately.
 */
function markRule(file: TokenizerFile): Rule | undefined {
  const model = metaspaceModel.safeParse(file.model).data;
  const dropsSpace = marksSpaces(file);
  if (!model || dropsSpace === undefined) return undefined;
  if (model.end_of_word_suffix || model.continuing_subword_suffix) return undefined;
  const crosses = (token: string): boolean => /[^▁]▁/u.test(token);
  const merged = model.merges.map((merge) =>
    typeof merge === 'string' ? merge.replace(' ', '') : merge.join(''),
  );
  if (merged.some(crosses) || Object.keys(model.vocab).some(crosses)) return undefined;
  // What is matched after marks were inserted is found before only if it contains none.
  if (file.added_tokens.some(({ content }) => /[ ▁]/u.test(content))) return undefined;
  return {
    dropsSpace,
    cutsAt: (text, at) => at + 1 < text.length && text[at - 1] !== ' ' && text[at - 1] !== '▁',
  };
}

/**
 * Whether the tokenizer puts a `▁` before every text; `undefined` unless it writes `▁` for spaces and for nothing else.
 */
function marksSpaces({ normalizer: n, pre_tokenizer: p }: TokenizerFile): boolean | undefined {
  const list = n ? (steps.safeParse(n).data?.normalizers ?? [n]) : [];
  const prepends = list.filter((step) => prependMark.safeParse(step).success).length;
  const replaces = list.filter((step) => replaceSpace.safeParse(step).success).length;
  if (prepends + replaces !== list.length || prepends > 1) return undefined;
  // By then, a split at spaces finds none.
  if (replaces > 0) return !p || splitAtSpaces.safeParse(p).success ? prepends === 1 : undefined;
  const isMetaspace = p?.type === 'Metaspace' && (p.replacement ?? '▁') === '▁' && !p.str_rep;
  return isMetaspace && prepends === 0 ? false : undefined;
}

const isLetter = (code: number, letter = ''): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code > 127 && /\p{L}/u.test(letter));

const isInk = (code: number, letter = ''): boolean =>
  (code > 32 && code < 127) || (code > 127 && /[\p{L}\p{N}\p{P}]/u.test(letter));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
