import { useRef, useState } from 'react';
import { failed } from './loadable.ts';

/** Something that is asked of the server when a person wants it; once at a time, so that its button can stay enabled and keep the focus. */
export interface Action<Given extends readonly unknown[], T> {
  readonly value: T | undefined;
  readonly busy: boolean;
  /** Why it failed, in words for people. */
  readonly problem: string | undefined;
  readonly run: (...given: Given) => void;
}

export function useAction<Given extends readonly unknown[], T>(
  act: (...given: Given) => Promise<T>,
): Action<Given, T> {
  const [state, setState] = useState<Omit<Action<Given, T>, 'run'>>({
    value: undefined,
    busy: false,
    problem: undefined,
  });
  const isAsking = useRef(false);
  const run = (...given: Given): void => {
    if (isAsking.current) return;
    isAsking.current = true;
    setState((before) => ({ ...before, busy: true, problem: undefined }));
    act(...given)
      .then(
        (value) => setState({ value, busy: false, problem: undefined }),
        (error: unknown) =>
          setState((before) => ({ ...before, busy: false, problem: failed(error).message })),
      )
      .finally(() => {
        isAsking.current = false;
      });
  };
  return { ...state, run };
}
