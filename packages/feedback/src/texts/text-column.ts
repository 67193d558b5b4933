import { isObject } from '../readers/row.ts';
import type { JsonObject, Row } from '../readers/row.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';

/** How the text of a file's rows is found. */
export interface TextColumn {
  /** Name shown to people: `column review`. */
  readonly name: string;
  /** `undefined` if a row has none. Throws `texts-invalid` for a row of another kind, naming it. */
  readonly textOf: (row: Row) => string | undefined;
}

/** Columns that contain texts in public data sets; `text` comes before all others. */
const known = ['content', 'review', 'sentence', 'document', 'passage', 'body', 'comment', 'tweet'];

/** Finds the text of a file's rows from the first one. Throws `texts-invalid`, naming the columns found. */
export function chooseTextColumn(first: Row): TextColumn {
  const { value, place } = first;
  if (typeof value === 'string') return strings;
  if (!isObject(value)) {
    throw textsInvalid(`${place}: no "text" that is a string`, 'give every object a "text"');
  }
  if ('text' in value) return column('text');
  const isText = (name: string): boolean => value[name] === null || typeof value[name] === 'string';
  const found = known.filter(isText);
  const isCompleted = isText('prompt') && isText('completion');
  if (found.length === 1 && !isCompleted) return column(found[0] as string);
  if (found.length === 0 && isCompleted) return completed;
  const names = Object.keys(value);
  if (names.length === 1 && isText(names[0] as string)) return column(names[0] as string);
  throw textsInvalid(
    `${place}: it is not clear which column holds the text; there are ${names.join(', ')}`,
    'call the column that holds it "text"',
  );
}

const strings: TextColumn = {
  name: 'a text each',
  textOf: ({ value, place }) => {
    if (typeof value === 'string') return value;
    throw mixed(place, 'not a string, unlike the rows before', 'use only strings, or only objects');
  },
};

const column = (name: string): TextColumn => ({
  name: `column ${name}`,
  textOf: (row) => textIn(name, row),
});

const completed: TextColumn = {
  name: 'columns prompt and completion',
  textOf: (row) => {
    const [prompt, completion] = [textIn('prompt', row), textIn('completion', row)];
    return prompt === undefined || completion === undefined ? undefined : prompt + completion;
  },
};

function textIn(name: string, { value, place }: Row): string | undefined {
  const cell = isObject(value) ? (value as JsonObject)[name] : undefined;
  if (typeof cell === 'string') return cell;
  if (cell === null) return undefined;
  throw mixed(place, `no "${name}" that is a string`, `give every row a "${name}"`);
}

const mixed = (place: string, problem: string, remedy: string): Error =>
  textsInvalid(`${place}: ${problem}`, remedy);
