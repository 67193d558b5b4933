import { plainPercent } from '../../plain.ts';
import type { LocationReport, PlaceReport } from './schema.ts';

/** A share in words, from what it is in both directions. */
function between(place: Pick<PlaceReport, 'restored' | 'transplanted'>): string | null {
  const both = [place.restored.slope.value, place.transplanted.slope.value];
  const known = both.filter((value) => value !== null).sort((a, b) => a - b);
  const [low, high] = [known[0], known.at(-1)];
  if (low === undefined || high === undefined) return null;
  if (high < 0.005) return 'None';
  const [from, to] = [plainPercent(Math.max(0, low)), plainPercent(high)];
  return from === to ? to : `${from.replace(' %', '')} to ${to}`;
}

/** How much of the shift is in the unembedding; null where it was not located. */
export function headShare({ state, places }: LocationReport): string | null {
  const head = places.find(({ place }) => place === 'unembedding');
  return state === 'located' && head ? between(head) : null;
}

/** Where the shift is, in a sentence; empty where it was not located. */
export function headline(location: LocationReport): string {
  const share = headShare(location);
  if (share === null) return '';
  const rest = share === 'None' ? 'the layers below hold it' : 'the layers below hold the rest';
  return `${share} of the shift along the feedback is in the unembedding; ${rest}.`;
}

/** The block that most depends on, in a sentence; empty for none. */
export function strongestBlock({ places }: LocationReport): string {
  const blocks = places.filter(({ kind }) => kind === 'block');
  const undone = ({ restored }: PlaceReport): number => restored.slope.value ?? -Infinity;
  const [first] = blocks.toSorted((a, b) => undone(b) - undone(a));
  if (!first || first.restored.slope.value === null || blocks.length < 2) return '';
  return `Restoring a single block undoes ${plainPercent(first.restored.slope.value)} at most (${first.place}).`;
}

/** How much goes through the sites that the audit looks into; empty where that is not known. */
export function throughSites({ sites }: LocationReport): string {
  const share = sites?.restored.slope.value;
  if (!sites || share === null || share === undefined) return '';
  const many = sites.sites.length !== 1;
  return `The ${many ? `${sites.sites.length} sites` : 'site'} looked into ${many ? 'carry' : 'carries'} ${plainPercent(share)} of it.`;
}
