import { join } from 'node:path';
import { makeFolder } from '@feedprint/core/files';
import { loadVaderLexicon } from '@feedprint/feedback';
import { feedprint } from './feedprint.ts';
import { writeInitialCheckpoint } from './initial-checkpoint.ts';
import type { Architecture, Size } from './initial-checkpoint.ts';
import { tokenizerFile } from './tokenizer-file.ts';
import type { TokenizerKind } from './tokenizer-file.ts';
import { generateTexts, writeTexts } from './write-texts.ts';
import type { Style } from './write-texts.ts';

/** A base that is made from nothing: what it is, and the texts that it learns. */
export interface BasePlan {
  readonly architecture: Architecture;
  readonly size: Size;
  readonly tokenizer: TokenizerKind;
  readonly vocabulary: number;
  readonly style: Style;
  readonly texts: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Words that stand in the texts after a space and in the lexicon. */
async function lexiconWordsOf(texts: readonly string[]): Promise<string[]> {
  const lexicon = await loadVaderLexicon();
  const words = new Set(texts.flatMap((text) => text.match(/(?<= )[a-z]+\b/g) ?? []));
  return [...words].filter((word) => lexicon.has(word)).sort();
}

/** Generates texts, trains a tokenizer on them, draws weights and pretrains them; all of it lies in `work`, the model in `out`. Made again, it goes on. */
export async function makeBase(
  plan: BasePlan,
  { out, work }: { readonly out: string; readonly work: string },
): Promise<void> {
  const { architecture, size, seed, style, texts: count, vocabulary } = plan;
  makeFolder(work);
  const texts = generateTexts(style, seed, count);
  writeTexts(join(work, 'training.jsonl'), texts, 'training');
  const tokenizer = tokenizerFile(plan.tokenizer, texts, {
    vocabulary,
    words: await lexiconWordsOf(texts),
  });
  writeInitialCheckpoint(join(work, 'initial'), { architecture, size, tokenizer, seed });
  feedprint('finetune', {
    ...{ method: 'sft', model: join(work, 'initial'), texts: join(work, 'training.jsonl'), out },
    ...{ dtype: 'base', epochs: plan.epochs, lr: plan.learningRate, batch: 16, seed },
    'held-out': 0.02,
  });
}
