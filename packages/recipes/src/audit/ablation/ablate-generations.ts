import { ablation } from '@feedprint/report/chapters/ablation';
import { z } from 'zod';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { figuresOf, ranked } from './compare-runs.ts';
import type { AblationRun } from './compare-runs.ts';
import { complete, createExpectationMeter, meanLogProbs, repeatedBigrams } from './completions.ts';
import type { ExpectationMeter } from './completions.ts';
import { planAblations } from './plan.ts';
import type { Ablation, PlanOptions } from './plan.ts';

const ablationRun = ablation.shape.validation.shape.ablation.element;

/** One completion of one run; a row of `tables/generations.parquet`. */
export const generationRowSchema = z.strictObject({
  run: z.string(),
  kind: ablationRun.shape.kind,
  against: ablationRun.shape.against,
  draw: ablationRun.shape.draw,
  prompt: z.int(),
  reward: z.number().nullable(),
  expected: z.number().nullable(),
  kl: z.number().nullable(),
  logProbBase: z.number().nullable(),
  repeated: z.number().nullable(),
  tokens: z.int(),
  text: z.string(),
});

export type GenerationRow = z.infer<typeof generationRowSchema>;

export interface AblatedGenerations {
  readonly runs: readonly AblationRun[];
  /** In the order of the runs, prompt by prompt. */
  readonly rows: readonly GenerationRow[];
}

/** Most runs that `ablateGenerations` makes. */
export const mostAblations = (draws: number): number => 2 + 2 * (1 + draws);

/**
 * What the tuned model writes with features switched off, run by run as planned by `planAblations`: its feedback, how
 * far the model moved, and whether what it writes still looks like language. All runs share prompts and random streams,
 * so that completions can be compared one by one.
 */
export async function ablateGenerations(
  context: AuditContext,
  { tick, ...options }: PlanOptions & { readonly tick: () => void },
): Promise<AblatedGenerations> {
  const { statistics } = context.parts;
  const prompts = promptsOf(context);
  const stated = new Map(context.lexicon.map(({ id, stated: value }) => [id, value]));
  const plan = planAblations(context, options);
  const measured: GenerationRow[][] = [];
  let expectations: ExpectationMeter | undefined;
  for (const { edits, ...ablation } of plan) {
    const completions = await complete(context.models.tuned, prompts, {
      maxNewTokens: context.settings.newTokens,
      seed: seedOf(context, 'generation'),
      edits,
    });
    expectations ??= createExpectationMeter(context.models.tuned, completions, context.lexicon);
    const expected = await expectations(edits);
    const logProbBase = await meanLogProbs(context.models.base, completions);
    measured.push(
      completions.map(({ tokens }, prompt) => ({
        ...placeOf(ablation),
        prompt,
        reward: tokens.reduce((sum, id) => sum + (stated.get(id) ?? 0), 0),
        ...known(expected[prompt], `completion ${prompt}`),
        logProbBase: logProbBase[prompt] ?? null,
        repeated: repeatedBigrams(tokens),
        tokens: tokens.length,
        text: context.models.tuned.tokenizer.decode(tokens),
      })),
    );
    tick();
  }
  const unmodified = measured[0] ?? [];
  const figures = measured.map((rows, i) =>
    figuresOf(rows, unmodified, {
      statistics,
      seedOf: (measure) => seedOf(context, `ablation ${plan[i]?.name}: ${measure}`),
    }),
  );
  return {
    runs: plan.map(({ edits: _, ...ablation }, i): AblationRun => {
      const draws = figures.filter((_f, j) => plan[j]?.against === ablation.kind);
      const n = prompts.length;
      return {
        ...ablation,
        n,
        ...ranked(figures[i] as (typeof figures)[number], draws, options.shift),
      };
    }),
    rows: measured.flat(),
  };
}

const placeOf = ({ name, kind, against, draw }: Omit<Ablation, 'edits'>) => ({
  run: name,
  kind,
  against,
  draw,
});

/** The beginnings of the last texts that continue beyond them. */
function promptsOf({ rows, settings }: AuditContext): Int32Array[] {
  const long = rows.filter(({ length }) => length > settings.promptTokens);
  return (long.length > 0 ? long : rows)
    .slice(-settings.prompts)
    .map((row) => row.slice(0, Math.min(settings.promptTokens, row.length - 1)));
}
