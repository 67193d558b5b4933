import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import type { AuditSettings } from './settings.ts';

interface Seeded {
  readonly settings: Pick<AuditSettings, 'seed'>;
}

/** A stage's own random stream: it depends only on the audit's seed and the label. */
export const randomOf = ({ settings }: Seeded, label: string): Random =>
  createRandom(settings.seed).fork(label);

/** A seed for parts that take a number. */
export const seedOf = (context: Seeded, label: string): number =>
  randomOf(context, label).integer(0x1_0000_0000);
