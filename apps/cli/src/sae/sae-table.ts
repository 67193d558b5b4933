import type { InModelMetrics, SaeMetrics } from '@feedprint/core';
import type { Io } from '../io.ts';
import { numberTable, percent } from '../tables.ts';

/** What a line about an SAE says. Shares are of 1; null where they are not defined. */
export interface SaeSummary {
  readonly name: string;
  readonly folder: string;
  readonly site: string;
  readonly kind: string;
  readonly dIn: number;
  readonly dSae: number;
  readonly l0: number;
  readonly explainedVariance: number;
  readonly alive: number;
  readonly crossEntropyRecovered: number | null;
  readonly klRecovered: number | null;
  /** Of a crosscoder: how many features are of which model. */
  readonly owners: Readonly<Record<string, number>> | null;
}

interface Described extends Pick<SaeSummary, 'name' | 'folder' | 'site' | 'kind' | 'dIn' | 'dSae'> {
  readonly metrics: Pick<SaeMetrics, 'l0' | 'explainedVariance' | 'alive'>;
  readonly inModel: Pick<InModelMetrics, 'crossEntropyRecovered' | 'klRecovered'> | null;
  readonly owners: SaeSummary['owners'];
}

/** The figures of one SAE; recovery is against the site set to zero. */
export function saeSummary({ metrics, inModel, owners, ...sae }: Described): SaeSummary {
  const { name, folder, site, kind, dIn, dSae } = sae;
  return {
    name,
    folder,
    site,
    kind,
    dIn,
    dSae,
    l0: metrics.l0,
    explainedVariance: metrics.explainedVariance,
    alive: metrics.alive,
    crossEntropyRecovered: inModel?.crossEntropyRecovered.zero.value ?? null,
    klRecovered: inModel?.klRecovered.zero.value ?? null,
    owners,
  };
}

const nameOf = ({ name, site }: SaeSummary): string => (name === 'sae' ? site : name);

/** SAEs in lines, held-out figures in columns; below, whose a crosscoder's features are. */
export const saeTable = (saes: readonly SaeSummary[]): string =>
  numberTable([
    ['SAE', 'features', 'L0', 'explained', 'alive', 'CE recovered', 'KL recovered'],
    ...saes.map((sae) => [
      nameOf(sae),
      `${sae.dSae}`,
      sae.l0.toFixed(1),
      percent(sae.explainedVariance),
      percent(sae.alive),
      percent(sae.crossEntropyRecovered),
      percent(sae.klRecovered),
    ]),
  ]) + saes.map(ownersLine).join('');

function ownersLine(sae: SaeSummary): string {
  if (!sae.owners) return '';
  const { owners } = sae;
  const counts = ['base-only', 'shared', 'tuned-only', 'other'].map(
    (owner) => `${owners[owner] ?? 0} ${owner}`,
  );
  return `features of ${nameOf(sae)} by decoder: ${counts.join(', ')}\n`;
}

/** Says what became of the SAEs in `out`, as a table or as JSON. */
export function printSaes(
  saes: readonly Described[],
  { io, out, json = false }: { readonly io: Io; readonly out: string; readonly json?: boolean },
): void {
  const summaries = saes.map(saeSummary);
  io.out(
    json ? `${JSON.stringify({ saes: summaries })}\n` : `${saeTable(summaries)}\nSAEs: ${out}\n`,
  );
}
