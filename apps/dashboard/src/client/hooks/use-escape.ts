import { useEffect } from 'react';

/** Escape puts away what a hover or the focus shows, until either is elsewhere. */
export function useEscape(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    const hide = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') dataset['tips'] = 'off';
    };
    const show = (): void => {
      delete dataset['tips'];
    };
    addEventListener('keydown', hide);
    addEventListener('focusin', show);
    addEventListener('pointerover', show);
    return () => {
      removeEventListener('keydown', hide);
      removeEventListener('focusin', show);
      removeEventListener('pointerover', show);
    };
  }, []);
}
