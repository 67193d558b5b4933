import { join } from 'node:path';
import type { Artifact, LanguageModel, ShiftedToken, TokenRows } from '@feedprint/core';
import type { ShiftReport } from '@feedprint/report/chapters/shift';
import { hashOf } from '../canonical-json.ts';
import { writeParquet } from '../tables.ts';
import { seedOf } from './context.ts';
import type { AuditContext } from './context.ts';
import { readJson, writeJson } from './files.ts';

/** What an audit measures token distribution shift with. */
export interface ShiftParts {
  /** Ranks, under the base, the tokens that the tuned model adds to prompts greedily. */
  readonly measure: (
    base: LanguageModel,
    tuned: LanguageModel,
    prompts: TokenRows,
    options: {
      readonly newTokens: number;
      readonly onProgress?: (done: number, total: number) => void;
      readonly signal?: AbortSignal;
    },
  ) => Promise<readonly ShiftedToken[]>;
  readonly summarize: (
    tokens: readonly ShiftedToken[],
    options: {
      readonly textOf: (token: number) => string;
      readonly stated: ReadonlyMap<number, number>;
      readonly seed: number;
    },
  ) => ShiftReport;
}

export interface AuditShift {
  readonly report: ShiftReport;
  readonly tokens: readonly ShiftedToken[];
}

/** How the base model ranks what the tuned model writes after the beginnings of texts: the prompts of the ablations. */
export function shiftStage(
  context: AuditContext,
  { measure, summarize }: ShiftParts,
): Promise<Artifact> {
  const { settings, models, identity, runner, lexicon, rows } = context;
  const { prompts, promptTokens, newTokens, seed } = settings;
  return runner.run({
    name: 'shift',
    config: { identity, prompts, promptTokens, newTokens, seed, lexicon: hashOf(lexicon) },
    inputs: [],
    work: async (folder, stage) => {
      const beginnings = rows
        .slice(-prompts)
        .map((row) => row.slice(0, Math.min(promptTokens, row.length - 1)));
      const tokens = await measure(models.base, models.tuned, beginnings, {
        newTokens,
        onProgress: (done, total) => stage.progress(done, total, 'prompts'),
        signal: stage.signal,
      });
      const report = summarize(tokens, {
        textOf: (token) => models.tuned.tokenizer.tokenText(token),
        stated: new Map(lexicon.map(({ id, stated }) => [id, stated])),
        seed: seedOf(context, 'shift'),
      });
      await writeJson(folder, 'shift.json', { report, tokens } satisfies AuditShift);
    },
  });
}

export const readShift = (artifact: Artifact): Promise<AuditShift> =>
  readJson(artifact, 'shift.json');

/** Writes every token that was added, and its rank, as `tables/shift.parquet`. */
export const writeShiftTable = (
  tokens: readonly ShiftedToken[],
  { models, lexicon }: Pick<AuditContext, 'models' | 'lexicon'>,
  runFolder: string,
): Promise<void> => {
  const stated = new Map(lexicon.map((word) => [word.id, word.stated]));
  return writeParquet({
    file: join(runFolder, 'tables', 'shift.parquet'),
    columns: {
      prompt: 'INTEGER',
      position: 'INTEGER',
      token: 'INTEGER',
      text: 'VARCHAR',
      rank: 'INTEGER',
      kl: 'DOUBLE',
      logRatio: 'DOUBLE',
      stated: 'DOUBLE',
    },
    rows: tokens.map((token) => ({
      ...token,
      text: models.tuned.tokenizer.tokenText(token.token),
      stated: stated.get(token.token) ?? null,
    })),
  });
};
