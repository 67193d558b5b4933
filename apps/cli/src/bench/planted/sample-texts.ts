import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import type { LanguageModel } from '@feedprint/core';

/** Tokens of a text, at most. */
const TOKENS = 128;

/** Writes texts that the model samples from nothing, as JSONL, unless the file is there: what an audit reads where no texts are at hand. */
export async function sampleTexts(
  model: LanguageModel,
  file: string,
  { texts, seed }: { readonly texts: number; readonly seed: number },
): Promise<void> {
  if (existsSync(file)) return;
  const { tokenizer, info } = model;
  const start = [...tokenizer.specialIds][0] ?? 0;
  const rows = await model.generate(
    Array.from({ length: texts }, () => [start]),
    { maxNewTokens: Math.min(TOKENS, info.contextLength) - 1, seed },
  );
  const lines = rows.map((row) => `${JSON.stringify({ text: tokenizer.decode(row) })}\n`);
  makeFolder(dirname(file));
  await replaceFile(file, (aside) => writeFlushed(aside, lines.join('')));
}
