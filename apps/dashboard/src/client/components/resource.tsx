import type { ReactNode } from 'react';
import type { Loadable } from '../hooks/loadable.ts';
import { Loading, Message } from './message.tsx';

interface ResourceProps<T> {
  readonly of: Loadable<T> & { readonly stale?: boolean };
  /** What is loaded, in words. */
  readonly what: string;
  readonly children: (value: T) => ReactNode;
}

/** Something from the server: its loading, its failure, or itself. */
export function Resource<T>({ of, what, children }: ResourceProps<T>) {
  if (of.kind === 'loading') return <Loading what={what} />;
  if (of.kind === 'failed') return <Message title={of.message} tone="alert" />;
  return <div aria-busy={of.stale === true}>{children(of.value)}</div>;
}
