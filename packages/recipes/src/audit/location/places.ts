import type { ParameterGroup } from '@feedprint/activations';

/** Parameters that are exchanged together. */
export interface Place {
  readonly name: string;
  /** Block, if it is in one. */
  readonly layer: number | null;
  /** `block`: all of a block; `part`: one part of it, or what is outside the blocks; `sum`: the like parts of all blocks. */
  readonly kind: 'block' | 'part' | 'sum';
  readonly tied: boolean;
  readonly parameters: number;
  /** Names of its parameters. */
  readonly names: ReadonlySet<string>;
}

export const UNEMBEDDING = 'unembedding';

const titles: Readonly<Record<ParameterGroup['component'], string>> = {
  attention: 'attention',
  mlp: 'MLP',
  norm: 'norms',
  embedding: 'embedding',
  'final-norm': 'final norm',
  unembedding: UNEMBEDDING,
  other: 'other parameters',
};

/**
 * What is exchanged, one after the other: the embedding; each block, its attention and its MLP; the final norm and the unembedding; then the
 * attention, the MLPs and the norms of all blocks, and all blocks.
 */
export function placesToExchange(groups: readonly ParameterGroup[]): Place[] {
  const inBlocks = groups.filter(({ layer }) => layer !== undefined);
  const outside = groups.filter(({ layer }) => layer === undefined);
  const layers = [...new Set(inBlocks.map(({ layer }) => layer as number))];
  const alone = (group: ParameterGroup): Place =>
    join(titles[group.component], null, 'part', [group]);
  const isEmbedding = ({ component }: ParameterGroup): boolean => component === 'embedding';
  return [
    ...outside.filter(isEmbedding).map(alone),
    ...layers.flatMap((layer) => {
      const own = inBlocks.filter((group) => group.layer === layer);
      const parts = own.filter(({ component }) => component === 'attention' || component === 'mlp');
      return [
        join(`block ${layer}`, layer, 'block', own),
        ...parts.map((group) =>
          join(`block ${layer} ${titles[group.component]}`, layer, 'part', [group]),
        ),
      ];
    }),
    ...outside.filter((group) => !isEmbedding(group)).map(alone),
    ...(['attention', 'mlp', 'norm'] as const).flatMap((component) => {
      const own = inBlocks.filter((group) => group.component === component);
      const plural = component === 'mlp' ? 'MLPs' : titles[component];
      return own.length === 0 ? [] : [join(`all ${plural}`, null, 'sum', own)];
    }),
    ...(inBlocks.length === 0 ? [] : [join('all blocks', null, 'sum', inBlocks)]),
  ];
}

const join = (
  name: string,
  layer: number | null,
  kind: Place['kind'],
  groups: readonly ParameterGroup[],
): Place => ({
  name,
  layer,
  kind,
  tied: groups.some(({ tied }) => tied),
  parameters: groups.reduce((sum, { parameters }) => sum + parameters, 0),
  names: new Set(groups.flatMap(({ names }) => names)),
});
