import { shade, tokenText } from '../shade.ts';
import { HeatTokens } from './heat-tokens.tsx';

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
  return <HeatTokens {...{ tokens, values, most, chosen, onChoose, titleOf }} />;
}

/** The same without anything to say or do at single tokens: neighbours of one shade are one piece, as lists draw thousands. */
function Shaded({ tokens, values, most }: Pick<HeatTextProps, 'tokens' | 'values' | 'most'>) {
  const pieces: { shade: string; text: string }[] = [];
  tokens.forEach((token, i) => {
    const own = shade(values[i] ?? null, most);
    const last = pieces.at(-1);
    if (last?.shade === own) last.text += tokenText(token);
    else pieces.push({ shade: own, text: tokenText(token) });
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
