import { join } from 'node:path';
import { FeedprintError, matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { Artifact, LanguageModel, Matrix, Site } from '@feedprint/core';
import { outputMetric } from '@feedprint/sae';
import type { RowKind } from './activations.ts';
import type { KindName } from './kinds.ts';
import type { TrainingTask } from './train-saes.ts';

/** What reconstruction errors count by: their squares, or how far they move the model's output. */
export const errorMeasures = ['plain', 'output'] as const;
export type ErrorMeasure = (typeof errorMeasures)[number];

/** How the output is looked at: rows to measure on, and the share that plain errors keep. */
const measure = { rows: 50_000, mix: 0.1 };

const FILE = 'metric.safetensors';

/** Measures at each site how far errors move the model's output, on the training texts. */
export function metricStage(task: TrainingTask): Promise<Artifact> {
  const { inputs, identity, texts, saes, seed } = task;
  const sites = [...new Set(saes.map(({ site }) => site))];
  return task.runner.run({
    name: 'metric',
    config: { identity, sites, texts: texts.length, seed, ...measure },
    inputs: [],
    async work(folder, context) {
      const { model } = inputs;
      const metrics: Record<Site, Matrix> = {};
      for (const [i, site] of sites.entries()) {
        metrics[site] = await outputMetric({
          ...{ model, texts, site, seed, ...measure },
          onRows: (done, total) =>
            context.progress(i * total + done, sites.length * total, 'tokens'),
        });
      }
      writeSafetensors(
        join(folder, FILE),
        Object.fromEntries(
          Object.entries(metrics).map(([site, { rows, columns, data }]) => [
            site,
            { shape: [rows, columns], data },
          ]),
        ),
      );
    },
  });
}

/** The metrics of the stage, by site. */
export function readMetrics({ folder }: Artifact): ReadonlyMap<Site, Matrix> {
  const file = openSafetensors(join(folder, FILE));
  try {
    return new Map(
      [...file.tensors].map(([site, { shape }]) => {
        const [rows, columns] = shape as [number, number];
        return [site, matrix(rows, columns, file.readFloats(site))];
      }),
    );
  } finally {
    file.close();
  }
}

/** Throws `usage` where errors cannot count by how far they move the output. */
export function checkErrorMeasure(error: ErrorMeasure, kind: KindName, rows: RowKind): void {
  if (error === 'plain') return;
  if (kind === 'tied' || kind === 'crosscoder') {
    throw usage(
      `--error output is not for kind ${kind}`,
      'leave it out, or take another kind, such as batchtopk',
    );
  }
  if (rows === 'model') return;
  throw usage(
    "--error output is for one model's activations, not for differences",
    'leave --error or --difference out',
  );
}

/** Throws `usage` for a model that cannot tell how far its output moves. */
export function checkDifferentiable(error: ErrorMeasure, { name, gradients }: LanguageModel): void {
  if (error === 'plain' || gradients) return;
  throw usage(
    `--error output needs the next-token predictions of a language model, and ${name} gives none`,
    'leave it out, or take the language model itself',
  );
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
