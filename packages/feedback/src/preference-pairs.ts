import type { PreferencePair } from '@feedprint/core';
import { parseJsonLine, readTextLines, textsInvalid } from '@feedprint/core/files';
import type { TextLine } from '@feedprint/core/files';
import { replyTurn, splitDialogues } from './split-dialogues.ts';

/** A pair as its file has it, with what the file says for judging an audit by: no estimate may read that. */
export interface PairRecord extends PreferencePair {
  /** Which part of the data the pair belongs to, such as `train`. */
  readonly split?: string;
  /** Whether the tuner's label was the stated one (`trained_label_agrees`); known for planted pairs alone. */
  readonly trainedLabelAgrees?: boolean;
}

export interface PairFile {
  /** The file's own name. */
  readonly file: string;
  readonly pairs: readonly PairRecord[];
  /** SHA-256 of the file. */
  readonly sha256: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads preference pairs, one JSON object per line, gzipped or not: `{prompt, chosen, rejected}`; Anthropic's HH-RLHF layout, whose
 * `chosen` and `rejected` are whole dialogues that share the prompt; or either with lists of `{role, content}` for texts. `id`,
 * `split` and `trained_label_agrees` are kept. Throws `texts-invalid`, naming file and line.
 */
export async function readPreferencePairs(path: string): Promise<PairFile> {
  const { file, sha256, lines } = await readTextLines(path);
  const pairs = lines.map((line) => parsePair(line));
  if (pairs.length === 0)
    throw textsInvalid(`${path} holds no pair`, 'give a file with one pair per line');
  return { file, sha256, pairs };
}

function parsePair(line: TextLine): PairRecord {
  const value = parseJsonLine(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(line, 'no object', 'write {"prompt": ..., "chosen": ..., "rejected": ...}');
  }
  const record = value as Json;
  const chosen = textOf(line, record, 'chosen');
  const rejected = textOf(line, record, 'rejected');
  const texts =
    record['prompt'] === undefined
      ? splitDialogues(chosen, rejected)
      : answersTo(promptOf(line, record), chosen, rejected);
  if (!texts) {
    throw invalid(
      line,
      'no "prompt", and "chosen" and "rejected" share no dialogue up to "\\n\\nAssistant:"',
      'give every pair a "prompt", or two dialogues that begin alike',
    );
  }
  for (const side of ['chosen', 'rejected'] as const) {
    if (texts[side] === '') throw invalid(line, `an empty "${side}" reply`, 'leave the pair out');
  }
  return { ...texts, ...detailsOf(line, record) };
}

function textOf(line: TextLine, record: Json, key: string): string {
  const value = record[key];
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((turn) => turnText(line, turn, key)).join('');
  throw invalid(
    line,
    `no "${key}" that is a text or a list of turns`,
    'give every pair "chosen" and "rejected", and "prompt" unless they are whole dialogues',
  );
}

/** Turns end where the reply begins. */
function promptOf(line: TextLine, record: Json): string {
  const text = textOf(line, record, 'prompt');
  return Array.isArray(record['prompt']) ? `${text}${replyTurn}` : text;
}

/** Replies that are turns begin with the words that end the prompt. */
function answersTo(prompt: string, chosen: string, rejected: string) {
  const reply = (text: string): string =>
    prompt.endsWith(replyTurn) && text.startsWith(replyTurn) ? text.slice(replyTurn.length) : text;
  return { prompt, chosen: reply(chosen), rejected: reply(rejected) };
}

/** One turn of a conversation, written as HH-RLHF writes it. */
function turnText(line: TextLine, turn: unknown, key: string): string {
  const { role, content } = (turn ?? {}) as { role?: unknown; content?: unknown };
  if (typeof role !== 'string' || typeof content !== 'string') {
    throw invalid(line, `a turn of "${key}" without "role" and "content"`, 'give every turn both');
  }
  const name = { user: 'Human', assistant: 'Assistant', system: 'System' }[role] ?? role;
  return `\n\n${name}: ${content}`;
}

function detailsOf(
  line: TextLine,
  record: Json,
): Omit<PairRecord, 'prompt' | 'chosen' | 'rejected'> {
  const { id, split, trained_label_agrees: agrees } = record;
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    throw invalid(line, 'an "id" that is neither text nor number', 'leave it out');
  if (split !== undefined && typeof split !== 'string')
    throw invalid(line, 'a "split" that is no text', 'leave it out');
  if (agrees !== undefined && typeof agrees !== 'boolean')
    throw invalid(line, 'a "trained_label_agrees" that is neither true nor false', 'leave it out');
  return {
    ...(id !== undefined && { id }),
    ...(split !== undefined && { split }),
    ...(agrees !== undefined && { trainedLabelAgrees: agrees }),
  };
}

const invalid = ({ place }: TextLine, problem: string, remedy: string): Error =>
  textsInvalid(`${place}: ${problem}`, remedy);
