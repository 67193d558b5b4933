import type { ActivationExample } from '@feedprint/core';
import { activePlaces } from '../scorers/marked-windows.ts';
import type { MarkedWindow } from '../scorers/marked-windows.ts';

/** Marks around a token, which texts themselves cannot contain. */
export const [open, close] = ['⟦', '⟧'];

/** A text with marks around some of its tokens. */
export const markText = ({ tokens, marked }: Pick<MarkedWindow, 'tokens' | 'marked'>): string =>
  tokens
    .map((token, i) => {
      const plain = token.replaceAll(open, '[').replaceAll(close, ']');
      return marked.includes(i) ? `${open}${plain}${close}` : plain;
    })
    .join('');

/** Texts of windows with marks on the tokens on which a feature with this largest activation counts as active. */
export const markActive = (windows: readonly ActivationExample[], max: number): string[] =>
  windows.map((window) =>
    markText({ tokens: window.tokens, marked: activePlaces(window, max) }).trim(),
  );
