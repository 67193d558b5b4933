import type { Statement } from '../../chapter.ts';
import { plainNumber, plainPercent } from '../../plain.ts';
import { plural } from '../../text.ts';
import { movedFurthest } from './moved-furthest.ts';
import type { Report } from './schema.ts';

/** If dictionaries replaced sites, how well they preserved what the sites contribute. */
type BesideValidation = Report & {
  readonly validation?: {
    readonly crossEntropy: readonly { readonly recovered: number | null }[];
  };
};

export const sentences = (report: BesideValidation): readonly Statement[] => [
  { importance: 30, text: moved(report) },
];

function moved({ validation, divergence }: BesideValidation): string {
  const top = movedFurthest(divergence);
  if (!top) return '';
  const furthest = `Tuning moved layer ${top.layer} furthest (L2 ${plainNumber(top.l2)}).`;
  const sites = validation?.crossEntropy ?? [];
  const recovered = sites.flatMap((site) => site.recovered ?? []);
  if (recovered.length === 0) return furthest;
  const [low, high] = [Math.min(...recovered), Math.max(...recovered)].map((share) =>
    plainPercent(share, 1),
  ) as [string, string];
  const range = low === high ? low : `${low} to ${high}`;
  const all = sites.length;
  const contribution =
    recovered.length === all
      ? "each site's cross-entropy contribution"
      : `the cross-entropy contribution of the ${plural(recovered.length, 'site')} (of ${all}) that the model does worse without`;
  return `${furthest} The sparse autoencoders recover ${range} of ${contribution}.`;
}
