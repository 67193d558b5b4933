import { resolveDataset } from '@feedprint/activations';
import type { HubOptions } from '@feedprint/activations';
import { readPreferencePairs } from '@feedprint/feedback';
import type { PairFile, ReadPairsOptions } from '@feedprint/feedback';

/**
 * Preference pairs by a path or by the name of a data set on the hub, `org/name` or `org/name@revision`; a path that exists wins.
 * Throws what `resolveDataset` and `readPreferencePairs` throw.
 */
export async function readNamedPairs(
  nameOrPath: string,
  { hub, ...options }: ReadPairsOptions & { readonly hub?: HubOptions } = {},
): Promise<PairFile> {
  const path = await resolveDataset(nameOrPath, hub);
  const read = await readPreferencePairs(path, options);
  return path === nameOrPath ? read : { ...read, file: nameOrPath };
}
