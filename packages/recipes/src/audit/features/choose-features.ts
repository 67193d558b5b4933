import type { CarrierFeature } from './attribute.ts';

/**
 * The features to label: half chosen by how much of the shift they carry, half by how active they are on scored tokens, then
 * those that contradict; none twice.
 */
export function chooseFeatures(
  features: readonly CarrierFeature[],
  count: number,
  contradicting: readonly string[],
): CarrierFeature[] {
  if (count === 0) return [];
  const by = (value: (feature: CarrierFeature) => number): CarrierFeature[] =>
    [...features].sort(
      (a, b) => Math.abs(value(b)) - Math.abs(value(a)) || a.id.localeCompare(b.id),
    );
  const carrying = by(({ carries }) => carries).slice(0, Math.ceil(count / 2));
  const standing = by(({ onFeedback }) => onFeedback).filter(
    (feature) => !carrying.includes(feature),
  );
  const chosen = [...carrying, ...standing.slice(0, count - carrying.length)];
  return [
    ...chosen,
    ...contradicting.flatMap((id) => features.filter((f) => f.id === id && !chosen.includes(f))),
  ];
}
