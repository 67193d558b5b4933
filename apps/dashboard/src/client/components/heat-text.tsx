import { visible } from '../format.ts';

/** Steps of shading. */
const STEPS = 8;

interface HeatTextProps {
  readonly tokens: readonly string[];
  /** One a token; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** The value that is shaded most. */
  readonly most: number;
  readonly chosen?: number | undefined;
  readonly onChoose?: (index: number) => void;
  readonly titleOf?: (index: number) => string;
}

/** A text whose tokens are shaded by a number, up or down; hostile text stays text. */
export function HeatText({ tokens, values, most, chosen, onChoose, titleOf }: HeatTextProps) {
  if (!onChoose && !titleOf) return <Shaded tokens={tokens} values={values} most={most} />;
  return (
    <p className="heat">
      {tokens.map((token, i) => {
        const name = `${shade(values[i] ?? null, most)}${chosen === i ? ' chosen' : ''}`;
        const title = titleOf?.(i);
        return onChoose ? (
          <button
            key={i}
            type="button"
            className={name}
            title={title}
            aria-pressed={chosen === i}
            onClick={() => onChoose(i)}
          >
            {shown(token)}
          </button>
        ) : (
          <span key={i} className={name} title={title}>
            {shown(token)}
          </span>
        );
      })}
    </p>
  );
}

/** The same without anything to say or do at single tokens: neighbours of one shade are one piece, as lists draw thousands. */
function Shaded({ tokens, values, most }: Pick<HeatTextProps, 'tokens' | 'values' | 'most'>) {
  const pieces: { shade: string; text: string }[] = [];
  tokens.forEach((token, i) => {
    const own = shade(values[i] ?? null, most);
    const last = pieces.at(-1);
    if (last?.shade === own) last.text += shown(token);
    else pieces.push({ shade: own, text: shown(token) });
  });
  return (
    <p className="heat">
      {pieces.map((piece, i) => (
        <span key={i} className={piece.shade}>
          {piece.text}
        </span>
      ))}
    </p>
  );
}

/** The class that shades a token. */
export function shade(value: number | null, most: number): string {
  if (value === null || most <= 0) return 'h0';
  const step = Math.min(STEPS, Math.round((STEPS * Math.abs(value)) / most));
  return step === 0 ? 'h0' : `${value > 0 ? 'up' : 'down'} h${step}`;
}

const shown = (token: string): string => visible(token).replaceAll('\n', '↵');
