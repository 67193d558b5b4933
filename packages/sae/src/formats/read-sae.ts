import type { GraphSae } from '../sae.ts';
import { dictionaryLearningReader } from './dictionary-learning.ts';
import { gemmaScopeReader } from './gemma-scope.ts';
import { assertOrientation } from './orientation.ts';
import { paperCodeReader } from './paper-code.ts';
import { unsupported } from './refusals.ts';
import type { SaeReadOptions, SaeReader } from './sae-reader.ts';
import { openSource } from './sae-source.ts';
import { saeLensReader } from './saelens-read.ts';
import { sparsifyReader } from './sparsify.ts';

const readers: readonly SaeReader[] = [
  saeLensReader,
  sparsifyReader,
  dictionaryLearningReader,
  paperCodeReader,
  gemmaScopeReader,
];

/**
 * Reads an SAE of any known format, recognised by content: a folder, or a weights file with its configuration next to it.
 * Square weights are checked for transposition (`checkOrientation`). Throws `checkpoint-invalid` (damaged, misshapen),
 * `checkpoint-unsupported` (pickles, transcoders, unknown), `numbers-invalid`, or `usage` where no site is known.
 */
export async function readSae(path: string, options: SaeReadOptions = {}): Promise<GraphSae> {
  const source = openSource(path);
  try {
    const reader = readers.find((known) => known.recognises(source));
    if (!reader) {
      const names = [...(source.weights?.names ?? [])].slice(0, 5).join(', ');
      throw unsupported(
        path,
        `holds no SAE of a known format${names && ` (tensors ${names})`}`,
        `use one of: ${readers.map(({ name }) => name).join('; ')}`,
      );
    }
    const sae = reader.load(source, options);
    await assertOrientation(source.weightsPath ?? path, sae, options.sample);
    return sae;
  } finally {
    source.weights?.close();
  }
}
