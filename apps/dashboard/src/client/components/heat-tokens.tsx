import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { shade, tokenText } from '../shade.ts';

interface HeatTokensProps {
  readonly tokens: readonly string[];
  readonly values: readonly (number | null)[];
  readonly most: number;
  readonly chosen?: number | undefined;
  readonly onChoose?: ((index: number) => void) | undefined;
  readonly titleOf?: ((index: number) => string) | undefined;
}

/** Tokens that say something of themselves, or can be chosen. They are one stop for Tab; the left and right arrows, Home and End move between them. */
export function HeatTokens({ tokens, values, most, chosen, onChoose, titleOf }: HeatTokensProps) {
  const [at, setAt] = useState(chosen ?? 0);
  const [isFocused, setFocused] = useState(false);
  const stop = Math.min(at, tokens.length - 1);
  return (
    <div className="heat-box">
      <p
        className="heat"
        {...(!onChoose && { role: 'list' })}
        onKeyDown={(event) => move(event, tokens.length)}
        onFocus={({ target }) => {
          setAt(indexOf(target));
          setFocused(true);
        }}
        onBlur={() => setFocused(false)}
      >
        {tokens.map((token, i) => {
          const title = titleOf?.(i);
          const own = {
            className: `${shade(values[i] ?? null, most)}${chosen === i ? ' chosen' : ''}`,
            title,
            tabIndex: i === stop ? 0 : -1,
          };
          return onChoose ? (
            <button
              key={i}
              type="button"
              aria-pressed={chosen === i}
              onClick={() => onChoose(i)}
              {...own}
            >
              {tokenText(token)}
            </button>
          ) : (
            <span key={i} role="listitem" aria-label={`${tokenText(token)}: ${title}`} {...own}>
              {tokenText(token)}
            </span>
          );
        })}
      </p>
      {isFocused && titleOf && (
        <span className="tip" aria-hidden="true">
          {titleOf(stop)}
        </span>
      )}
    </div>
  );
}

const indexOf = (token: Element): number =>
  [...(token.parentElement?.children ?? [])].indexOf(token);

function move(event: KeyboardEvent<HTMLElement>, count: number): void {
  const { target, currentTarget, key } = event;
  const at = indexOf(target as Element);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  const next = to === undefined ? undefined : currentTarget.children[to];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
