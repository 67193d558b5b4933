import type { ActivationDivergence, ComponentDivergence } from '@feedprint/activations';
import type { LayerDivergence } from '@feedprint/core';
import { alignColumns } from '../tables.ts';

/** How far tuning moved a model: its parameters, and on texts its activations. */
export interface DivergenceReport {
  readonly base: string;
  readonly tuned: string;
  readonly layers: readonly LayerDivergence[];
  readonly components: readonly ComponentDivergence[];
  readonly activations?: readonly ActivationDivergence[];
}

const BAR = 24;
const inBlocks = ['attention', 'mlp', 'norm', 'other'] as const;

/** A report for people: a row for each block with a bar, then what stands outside of blocks, then the sites. */
export function formatDivergence(report: DivergenceReport): string {
  const { base, tuned, layers, activations } = report;
  const lines = [`From ${base} to ${tuned}: L2 distance of parameters, relative to the base`, ''];
  if (layers.length > 0) lines.push(...blockLines(report), '');
  lines.push(...outsideLines(report), '');
  if (activations) lines.push(...activationLines(activations), '');
  return lines.join('\n');
}

function blockLines({ layers, components }: DivergenceReport): string[] {
  const most = Math.max(...layers.map(({ relativeL2 }) => relativeL2));
  const shown = inBlocks.filter((name) =>
    components.some(({ component, layer }) => component === name && layer !== undefined),
  );
  const part = (layer: number, name: string): string => {
    const found = components.find((c) => c.layer === layer && c.component === name);
    return found ? share(found.relativeL2) : '-';
  };
  return alignColumns(
    [
      ['block', 'l2', 'relative', ...shown, ''],
      ...layers.map(({ layer, l2, relativeL2 }) => [
        `${layer}`,
        number(l2),
        share(relativeL2),
        ...shown.map((name) => part(layer, name)),
        most > 0 ? '█'.repeat(Math.round((BAR * relativeL2) / most)) : '',
      ]),
    ],
    new Set([0, 1, 2, ...shown.map((_, i) => 3 + i)]),
  );
}

const outsideLines = ({ components }: DivergenceReport): string[] =>
  alignColumns(
    [
      ['outside of blocks', 'l2', 'relative'],
      ...components
        .filter(({ layer }) => layer === undefined)
        .map(({ component, l2, relativeL2 }) => [component, number(l2), share(relativeL2)]),
    ],
    new Set([1, 2]),
  );

function activationLines(activations: readonly ActivationDivergence[]): string[] {
  return [
    `Activations at ${activations[0]?.positions ?? 0} positions`,
    '',
    ...alignColumns(
      [
        ['site', 'mean l2', 'relative', 'cosine', 'CKA'],
        ...activations.map(({ site, meanL2, relativeL2, meanCosine, cka }) => [
          site,
          number(meanL2),
          share(relativeL2),
          meanCosine.toFixed(4),
          cka === null ? '-' : cka.toFixed(4),
        ]),
      ],
      new Set([1, 2, 3, 4]),
    ),
  ];
}

const number = (value: number): string => (value === 0 ? '0' : value.toPrecision(4));
const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
