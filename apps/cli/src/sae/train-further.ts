import type { Site, SparseAutoencoder } from '@feedprint/core';
import { checkStart, readSae, saeFingerprint } from '@feedprint/sae';
import type { RowKind } from './activations.ts';
import type { KindName } from './kinds.ts';
import type { PlannedSae } from './train-flags.ts';

/** An SAE that trainings begin with. */
export interface Start {
  readonly sae: SparseAutoencoder;
  readonly fingerprint: string;
}

/** Reads the SAE of `--from`, if there is one. It must say its site. */
export async function loadStart({
  from,
  threads,
}: {
  readonly from?: string;
  readonly threads: number;
}): Promise<Start | undefined> {
  if (from === undefined) return undefined;
  const sae = await readSae(from, { threads });
  return { sae, fingerprint: saeFingerprint(sae) };
}

export interface PlannedStart {
  readonly kind: KindName;
  readonly rows: RowKind;
  readonly saes: readonly PlannedSae[];
  readonly unitsOf: (site: Site) => number;
}

/** Throws `config-invalid` or `shape-mismatch` unless all planned SAEs can begin with it. */
export function checkStarts(
  start: Start | undefined,
  { kind, rows, saes, unitsOf }: PlannedStart,
): void {
  if (!start) return;
  for (const { site, dSae } of saes) {
    const dIn = (rows === 'pair' ? 2 : 1) * unitsOf(site);
    checkStart(start.sae, { kind, site, dIn, dSae });
  }
}
