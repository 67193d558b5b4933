import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import {
  toDelphiFiles,
  toNeuronRecord,
  toNeuronpediaBatches,
  toNeuronpediaBulk,
} from '@feedprint/labeling';
import type { ExportedFeature, NeuronpediaOptions } from '@feedprint/labeling';
import type { LabelResult } from '@feedprint/recipes';
import { toJsonLines } from '../tables.ts';

export const exportFormats = ['openai', 'delphi', 'neuronpedia', 'neuronpedia-bulk'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface ExportedFile {
  readonly name: string;
  readonly content: string | Buffer;
}

/** Files of a format, by their paths. */
const filesOf: Readonly<
  Record<
    ExportFormat,
    (features: readonly ExportedFeature[], place: NeuronpediaOptions) => ExportedFile[]
  >
> = {
  openai: (features) =>
    features.map((feature) => ({
      name: `${feature.evidence.id}.json`,
      content: `${JSON.stringify(toNeuronRecord(feature))}\n`,
    })),
  delphi: (features) =>
    toDelphiFiles(features).map(({ name, content }) => ({ name, content: `${content}\n` })),
  neuronpedia: (features, place) =>
    toNeuronpediaBatches(features, place).map((batch, i) => ({
      name: `batch-${i}.json`,
      content: `${JSON.stringify(batch)}\n`,
    })),
  'neuronpedia-bulk': (features, place) =>
    toNeuronpediaBulk(features, place).map(({ name, lines }) => {
      const content = toJsonLines(lines);
      return { name, content: name.endsWith('.gz') ? gzipSync(content) : content };
    }),
};

/** Writes labels and evidence in the formats of other tools, a folder each. Throws `output-unwritable`. */
export async function exportLabels(
  { labels, evidence }: LabelResult,
  {
    formats,
    folder,
    neuronpedia,
  }: {
    readonly formats: readonly ExportFormat[];
    readonly folder: string;
    /** Neuronpedia's names of the model and of the SAE. */
    readonly neuronpedia: NeuronpediaOptions;
  },
): Promise<void> {
  const features = evidence.map((seen, i): ExportedFeature => ({
    evidence: seen,
    label: labels.features[i]?.label ?? null,
    labeler: labels.labeler,
  }));
  for (const format of formats) {
    for (const { name, content } of filesOf[format](features, neuronpedia)) {
      const file = join(folder, format, name);
      makeFolder(dirname(file));
      await replaceFile(file, (aside) => writeFlushed(aside, content));
    }
  }
}
