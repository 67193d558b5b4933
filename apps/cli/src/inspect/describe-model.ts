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
}

export function describeModel({
  name,
  fingerprint,
  info,
  sites,
  parameters,
}: LanguageModel): ModelDescription {
  let count = 0;
  for (const { data } of parameters()) count += data.length;
  return { name, fingerprint, ...info, parameters: count, sites };
}

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
  ].join('\n');
}
