import type { LanguageModel } from '@feedprint/core';
import { componentOf } from '../divergence/component-of.ts';
import type { Component } from '../divergence/component-of.ts';

/** Parameters of one part of a model: of a block's attention, MLP or norms, or of what is outside the blocks. */
export interface ParameterGroup {
  /** Block, from 0; absent for embeddings, the final norm and the unembedding. */
  readonly layer?: number;
  readonly component: Component;
  /** Names, as in `parameters()`. */
  readonly names: readonly string[];
  /** Count of its numbers. */
  readonly parameters: number;
  /** Whether it shares its numbers with another group, as a tied head does with the embeddings. */
  readonly tied: boolean;
}

const order: readonly Component[] = [
  'embedding',
  'attention',
  'mlp',
  'norm',
  'final-norm',
  'unembedding',
  'other',
];

/** All parameters of a model, divided by the part that computes with them; in the order of the forward pass. */
export function parameterGroups(model: Pick<LanguageModel, 'parameters'>): ParameterGroup[] {
  const groups = new Map<string, Group>();
  const shared = new Set<string>();
  for (const tensor of model.parameters()) {
    const { name, layer, sameAs, shape } = tensor;
    const component = componentOf(tensor);
    const key = `${layer ?? ''} ${component}`;
    const none = { ...(layer !== undefined && { layer }), component, names: [], parameters: 0 };
    const group: Group = groups.get(key) ?? none;
    groups.set(key, group);
    group.names.push(name);
    group.parameters += shape.reduce((a, b) => a * b, 1);
    if (sameAs !== undefined) shared.add(name).add(sameAs);
  }
  return [...groups.values()]
    .sort((a, b) => place(a) - place(b) || rank(a) - rank(b))
    .map((group) => ({ ...group, tied: group.names.some((name) => shared.has(name)) }));
}

interface Group extends Place {
  readonly names: string[];
  parameters: number;
}

type Place = Pick<ParameterGroup, 'layer' | 'component'>;

const place = ({ layer, component }: Place): number =>
  component === 'embedding' ? -1 : (layer ?? Infinity);

const rank = ({ component }: Place): number => order.indexOf(component);
