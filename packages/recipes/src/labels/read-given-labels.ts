import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { openRows } from '@feedprint/feedback';
import { fromDelphiFile, fromNeuronpedia } from '@feedprint/labeling';
import type { GivenLabel } from '@feedprint/labeling';
import { labelsSchema } from './label-run.ts';

/**
 * Labels that others made: delphi's files, Neuronpedia's explanations (bulk export, answers of its API, upload batches) or labels.json
 * of a label run; a file, or a folder with any of them in it. Throws `run-invalid` where there are none.
 */
export async function readGivenLabels(path: string): Promise<GivenLabel[]> {
  const files = filesBelow(path);
  const labels: GivenLabel[] = [];
  for (const file of files) labels.push(...(await labelsIn(file)));
  if (labels.length > 0) return labels;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${path} holds no labels of features (${files.length} files)`,
    remedy: "give delphi's files, explanations of Neuronpedia, or labels.json of feedprint label",
  });
}

async function labelsIn(file: string): Promise<GivenLabel[]> {
  const name = basename(file);
  if (name.endsWith('.txt')) {
    const found = fromDelphiFile(name, readFileSync(file, 'utf8'));
    return found ? [toGiven(found.id, found.label)] : [];
  }
  if (name.endsWith('.json')) return labelsOf(readJson(file));
  if (!/\.jsonl(\.gz)?$/.test(name)) return [];
  const labels: GivenLabel[] = [];
  for await (const { value } of (await openRows(file)).rows) labels.push(...fromNeuronpedia(value));
  return labels;
}

function labelsOf(value: unknown): GivenLabel[] {
  const ours = labelsSchema.safeParse(value).data;
  if (!ours) return (Array.isArray(value) ? value : [value]).flatMap(fromNeuronpedia);
  return ours.features.flatMap(({ id, label }) => (label === null ? [] : [toGiven(id, label)]));
}

function toGiven(id: string, label: string): GivenLabel {
  const at = id.lastIndexOf('/');
  return { site: id.slice(0, at), index: Number(id.slice(at + 1)), label };
}

function filesBelow(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${path} cannot be read`,
      remedy: 'check the path',
    });
  }
  if (!found.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
