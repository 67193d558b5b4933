import { FeedprintError } from '@feedprint/core';
import type { Decoder } from '../architectures/decoder.ts';
import type { WeightInfo, WeightSource } from './weight-source.ts';

/** Modules that compiling and sharding wrap around parts of a model, and that thereby get into the names of weights. */
const wrappers =
  /(?<=^|\.)(?:_orig_mod|_fsdp_wrapped_module|_fpw_module|_checkpoint_wrapped_module)\./g;

/** A name without the modules that training code wrapped parts of the model in. */
export const withoutWrappers = (name: string): string => name.replaceAll(wrappers, '');

/**
 * The weights of `files` by a decoder's names for them. A file may leave out the decoder's prefix, or hold the whole
 * model inside another module: `module.`, `pretrained_model.`. If the files hold only one of a tied pair of embeddings
 * and head, both have the numbers of that one. Throws `checkpoint-invalid` for several models in one checkpoint.
 */
export function decoderWeights(files: WeightSource, decoder: Decoder): WeightSource {
  const names = [...files.tensors.keys()];
  const rename = renaming(names.map(withoutWrappers), decoder);
  const stored = new Map<string, string>();
  for (const name of names) {
    const renamed = rename(withoutWrappers(name));
    const other = stored.get(renamed);
    if (other !== undefined) throw twice(files, other, name);
    stored.set(renamed, name);
  }
  const { tokens } = decoder.embedding;
  const { weight: head, tied } = decoder.head;
  const onlyHead = tied === true && !stored.has(tokens) ? stored.get(head) : undefined;
  if (onlyHead !== undefined) {
    stored.delete(head);
    stored.set(tokens, onlyHead);
  }
  const tensors = new Map<string, WeightInfo>();
  for (const [name, from] of stored) tensors.set(name, files.tensors.get(from) as WeightInfo);
  const embedding = tensors.get(tokens);
  const isShared = tied === true && embedding !== undefined && !tensors.has(head);
  if (isShared) tensors.set(head, { ...embedding, sameAs: tokens });
  return {
    ...files,
    tensors,
    read: (name) => files.read(stored.get(tensors.get(name)?.sameAs ?? name) as string),
  };
}

/** How the names in a checkpoint map to those of the decoder: found by the place of the norm of its first block. */
function renaming(names: readonly string[], decoder: Decoder): (name: string) => string {
  const { prefix, head } = decoder;
  const own = `${decoder.blocks[0]?.norms.attention}.weight`;
  const short = own.slice(prefix.length);
  for (const anchor of [own, short]) {
    const root = rootOf(names, anchor);
    if (root === undefined) continue;
    const isHead = (name: string): boolean => name === head.weight || name === head.bias;
    return (name) => {
      const inside = name.startsWith(root) ? name.slice(root.length) : name;
      const isShort = anchor === short && !inside.startsWith(prefix) && !isHead(inside);
      return isShort ? prefix + inside : inside;
    };
  }
  return (name) => name;
}

/** What precedes `anchor` in the one name that ends with it; `undefined` if no name does. */
function rootOf(names: readonly string[], anchor: string): string | undefined {
  if (names.includes(anchor)) return '';
  const [root, ...others] = names
    .filter((name) => name.endsWith(`.${anchor}`))
    .map((name) => name.slice(0, -anchor.length));
  if (others.length === 0) return root;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `the checkpoint contains several models: ${[root, ...others].join(', ')}`,
    remedy: 'save the one you mean on its own, with save_pretrained',
  });
}

const twice = ({ tensors }: WeightSource, a: string, b: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${tensors.get(b)?.file} has one weight under two names, ${a} and ${b}`,
    remedy: 'save the model again, with save_pretrained',
  });
