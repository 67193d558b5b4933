import { wrapped } from '../wrapped.ts';
import type { ShownPair, ShownProperty } from '@feedprint/recipes';

const WIDTH = 92;
/** Characters of a prompt that are shown, from its end. */
const PROMPT = 300;

/** What the labels and the tuned model make of a property, then the pairs, each with R of both replies. */
export function formatPairs(shown: ShownProperty): string {
  const { name, definition, verdict, inData, learned, pairs } = shown;
  const head = [
    `${name}: ${definition}`,
    `${verdict}; per standard deviation ${signed(inData)} logits in the labels, ${signed(learned)} nats learned`,
  ];
  if (pairs.length === 0) return `${head.join('\n')}\n\nNo pair differs in it that way.\n`;
  return `${[head.join('\n'), ...pairs.map(formatPair)].join('\n\n')}\n`;
}

function formatPair({
  pair,
  prompt,
  chosen,
  rejected,
  difference,
  influence,
  chosenR,
  rejectedR,
}: ShownPair): string {
  const shown = prompt.length > PROMPT ? `…${prompt.slice(-PROMPT)}` : prompt;
  return [
    `pair ${pair}   difference ${signed(difference)}${
      influence === null ? '' : `   adds ${signed(influence, 4)} logits`
    }${chosenR === null ? '' : `   R ${signed(chosenR)} and ${signed(rejectedR)} nats`}`,
    ...block('prompt', shown),
    ...block('preferred', chosen),
    ...block('other', rejected),
  ].join('\n');
}

const block = (title: string, text: string): string[] =>
  wrapped(text.trim(), WIDTH - 12).map(
    (line, i) => `  ${(i === 0 ? title : '').padEnd(10)}${line}`,
  );

function signed(value: number | null, digits = 2): string {
  if (value === null) return '-';
  const text = Math.abs(value)
    .toFixed(digits)
    .replace(/\.?0+$/, '');
  return `${value < 0 ? '-' : '+'}${text}`;
}
