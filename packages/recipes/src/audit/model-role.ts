export type ModelRole = 'base' | 'tuned';

export const roles: readonly ModelRole[] = ['base', 'tuned'];
