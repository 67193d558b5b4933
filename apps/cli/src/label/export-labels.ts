import { dirname, join } from 'node:path';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import { toDelphiFiles, toNeuronRecord, toNeuronpediaBatches } from '@feedprint/labeling';
import type { ExportedFeature } from '@feedprint/labeling';
import type { LabelResult } from '@feedprint/recipes';

export const exportFormats = ['openai', 'delphi', 'neuronpedia'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface ExportedFile {
  readonly name: string;
  readonly content: string;
}

/** Files of a format, by their paths. Whoever uploads them to Neuronpedia fills in its names of the model and of the SAE. */
const filesOf: Readonly<
  Record<ExportFormat, (features: readonly ExportedFeature[]) => ExportedFile[]>
> = {
  openai: (features) =>
    features.map((feature) => ({
      name: `${feature.evidence.id}.json`,
      content: JSON.stringify(toNeuronRecord(feature)),
    })),
  delphi: toDelphiFiles,
  neuronpedia: (features) =>
    toNeuronpediaBatches(features, { modelId: 'MODEL', source: 'SOURCE' }).map((batch, i) => ({
      name: `batch-${i}.json`,
      content: JSON.stringify(batch),
    })),
};

/** Writes labels and evidence in the formats of other tools, a folder each. Throws `output-unwritable`. */
export async function exportLabels(
  { labels, evidence }: LabelResult,
  { formats, folder }: { readonly formats: readonly ExportFormat[]; readonly folder: string },
): Promise<void> {
  const features = evidence.map((seen, i): ExportedFeature => ({
    evidence: seen,
    label: labels.features[i]?.label ?? null,
    labeler: labels.labeler,
  }));
  for (const format of formats) {
    for (const { name, content } of filesOf[format](features)) {
      const file = join(folder, format, name);
      makeFolder(dirname(file));
      await replaceFile(file, (aside) => writeFlushed(aside, `${content}\n`));
    }
  }
}
