import { join } from 'node:path';
import { FeedprintError, matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { LanguageModel, Matrix, Site } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import { outputMetric } from '@feedprint/sae';
import { z } from 'zod';
import { sitesOf } from '../context.ts';
import type { ErrorMeasure } from '../context.ts';
import type { RowKind } from '../rows.ts';
import type { TrainContext } from './context.ts';
import type { TrainableKind } from './kinds.ts';

/** How errors are weighted at each site, where it is not plainly by their squares. */
export const metric = defineStages(({ error }: TrainContext) =>
  error === 'output' ? [measureOutput] : [],
);

/** How the effect on the output is measured: number of rows, and the share of plain errors kept. */
const measure = { rows: 50_000, mix: 0.1 };

const FILE = 'metric.safetensors';
const shapeSchema = z.tuple([z.int(), z.int()]);

/** Measures at each site how far errors move the model's output, on the training texts. */
const measureOutput = defineStage({
  name: 'metric',
  needs: {},
  config: (context: TrainContext) => ({
    identity: context.identity,
    sites: sitesOf(context),
    texts: context.texts.length,
    seed: context.seed,
    ...measure,
  }),
  work: async ({ context, folder, stage }) => {
    const { model, texts, seed } = context;
    const sites = sitesOf(context);
    const metrics: [Site, Matrix][] = [];
    for (const [i, site] of sites.entries()) {
      const found = await outputMetric({
        ...{ model, texts, site, seed, ...measure },
        onRows: (done, total) => stage.progress(i * total + done, sites.length * total, 'tokens'),
      });
      metrics.push([site, found]);
    }
    writeSafetensors(
      join(folder, FILE),
      Object.fromEntries(
        metrics.map(([site, { rows, columns, data }]) => [site, { shape: [rows, columns], data }]),
      ),
    );
  },
  read: (folder): ReadonlyMap<Site, Matrix> => {
    const file = openSafetensors(join(folder, FILE));
    try {
      return new Map(
        [...file.tensors].map(([site, { shape }]) => {
          const [rows, columns] = shapeSchema.parse(shape);
          return [site, matrix(rows, columns, file.readFloats(site))];
        }),
      );
    } finally {
      file.close();
    }
  },
});

/** Throws `usage` if errors cannot be weighted by how far they move the output. */
export function checkErrorMeasure(
  error: ErrorMeasure,
  {
    kind,
    rows,
    model,
  }: { readonly kind: TrainableKind; readonly rows: RowKind; readonly model: LanguageModel },
): void {
  if (error === 'plain') return;
  if (kind === 'tied' || kind === 'crosscoder') {
    throw usage(
      `errors cannot be weighted by their effect on the output for kind ${kind}`,
      'use plain errors, or another kind, such as batchtopk',
    );
  }
  if (rows !== 'model') {
    throw usage(
      'errors can be weighted by their effect on the output for the activations of one model, not for differences',
      'use plain errors, or leave out the base',
    );
  }
  if (model.gradients) return;
  throw usage(
    `the error measure output needs the next-token predictions of a language model, and ${model.name} gives none`,
    'leave it out, or use the language model itself',
  );
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
