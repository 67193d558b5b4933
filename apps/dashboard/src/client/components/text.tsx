import { visible } from '../format.ts';

/** A text that may be hostile: shown as text, kept apart from what surrounds it. */
export function Text({ children }: { readonly children: string }) {
  return <bdi>{visible(children)}</bdi>;
}
