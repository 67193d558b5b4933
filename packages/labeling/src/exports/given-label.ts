import { placeOf } from './exported-feature.ts';

/** Someone else's explanation of a feature, with what its file says of where that is. */
export interface GivenLabel {
  /** A TransformerLens site, where the file names one. */
  readonly site?: string;
  readonly layer?: number;
  readonly index: number;
  readonly label: string;
}

/** Whether a label is that of the feature with this id. */
export function isOf({ site, layer, index }: GivenLabel, id: string): boolean {
  const place = placeOf(id);
  return (
    index === place.index &&
    (site === undefined || site === place.site) &&
    (layer === undefined || layer === place.layer)
  );
}
