import { placeOf } from './exported-feature.ts';
import type { ExportedFeature } from './exported-feature.ts';

/** Explanations as delphi keeps them: a file per latent, `<hookpoint>_latent<n>.txt`, with the explanation as JSON. */
export const toDelphiFiles = (
  features: readonly ExportedFeature[],
): { readonly name: string; readonly content: string }[] =>
  features.flatMap(({ evidence: { id }, label }) => {
    const { site, index } = placeOf(id);
    return label === null
      ? []
      : [{ name: `${site}_latent${index}.txt`, content: JSON.stringify(label) }];
  });

/** The explanation in a file of delphi; undefined for one that could not be parsed when it was made. */
export function fromDelphiFile(
  name: string,
  content: string,
): { readonly id: string; readonly label: string } | undefined {
  const [, site, index] = /^(.*)_latent(\d+)\.txt$/.exec(name) ?? [];
  const label = parse(content);
  if (site === undefined || typeof label !== 'string') return undefined;
  // delphi writes this sentence where an answer was none, and scores it like any other.
  if (label.trim() === '' || label === 'Explanation could not be parsed.') return undefined;
  return { id: `${site}/${Number(index)}`, label };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
