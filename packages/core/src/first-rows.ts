import type { ActivationStore } from './contracts/activation-store.ts';

/** A store cut off after its first rows; its scale is still that of all rows. Nothing is copied. */
export function firstRows(store: ActivationStore, rows: number): ActivationStore {
  const { text, position, token } = store.provenance;
  return {
    sites: store.sites,
    rows,
    provenance: {
      text: text.subarray(0, rows),
      position: position.subarray(0, rows),
      token: token.subarray(0, rows),
    },
    width: (site) => store.width(site),
    read: (site, start, end) => store.read(site, start, Math.min(end, rows)),
    scale: (site) => store.scale(site),
  };
}
