import type { MethodSubspace } from './methods.ts';

/** Names of interventions. */
export const names = {
  whole: (site: string): string => `${site}: all`,
  direction: (site: string): string => `${site}: direction`,
  held: "direction, held at the base's mean",
  dose: (dose: number): string => `dose ${dose}`,
  sibling: (name: string): string => `direction of ${name}`,
  method: ({ method, directions }: Pick<MethodSubspace, 'method' | 'directions'>): string =>
    `${method}, ${directions}`,
} as const;
