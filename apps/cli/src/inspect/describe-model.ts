import type { CheckpointModel, MissingSite, OnnxLanguageModel } from '@feedprint/activations';
import type { LanguageModel, ModelInfo, SiteInfo } from '@feedprint/core';
import { groupSites } from '../sites.ts';
import { alignColumns } from '../tables.ts';

/** What there is to know about a model before it runs. */
export interface ModelDescription extends ModelInfo {
  readonly name: string;
  readonly fingerprint: string;
  /** Numbers in its parameters; tied ones count once. */
  readonly parameters: number;
  readonly sites: readonly SiteInfo[];
  /** Sites that were not found in an ONNX file, and why. */
  readonly missing?: readonly MissingSite[];
  /** Tensors of a checkpoint that the model does not compute with, if there are any. */
  readonly unused?: readonly string[];
}

export function describeModel(model: LanguageModel): ModelDescription {
  const { name, fingerprint, info, sites } = model;
  let parameters = 0;
  for (const { shape, sameAs } of model.parameters()) {
    if (sameAs === undefined) parameters += shape.reduce((a, b) => a * b, 1);
  }
  const missing = isImported(model) ? { missing: model.import.missing } : {};
  const unused = isOfCheckpoint(model) && model.unused.length > 0 ? { unused: model.unused } : {};
  return { name, fingerprint, ...info, parameters, sites, ...missing, ...unused };
}

const isOfCheckpoint = (model: LanguageModel): model is CheckpointModel => 'unused' in model;
const isImported = (model: LanguageModel): model is OnnxLanguageModel => 'import' in model;

const some = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;

/** A description for people. */
export function formatModel(model: ModelDescription): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const groups = groupSites(model.sites);
  return [
    ...alignColumns([
      ['model', model.name],
      ['architecture', model.architecture],
      ['layers', count(model.layers)],
      ['width', count(model.width)],
      ['vocabulary', count(model.vocabularySize)],
      ['context', count(model.contextLength)],
      ['parameters', count(model.parameters)],
      ...(model.labels ? [['labels', model.labels.join(', ')]] : []),
    ]),
    '',
    ...alignColumns(
      [['sites', 'units'], ...groups.map(({ name, width }) => [name, count(width)])],
      new Set([1]),
    ),
    '',
    ...(model.missing ?? []).map(({ site, reason }) => `not found: ${site}: ${reason}`),
    ...(model.unused ? [`not used: ${some(model.unused)}`] : []),
    ...(model.missing?.length || model.unused ? [''] : []),
  ].join('\n');
}
