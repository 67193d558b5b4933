import { filledLines } from './lines.ts';
import type { Line } from './lines.ts';
import type { Rows } from './row.ts';
import { textsInvalid } from './texts-invalid.ts';

/** One JSON value per line. Throws `texts-invalid`, naming file and line. */
export async function* jsonLineRows(lines: AsyncIterable<Line>): Rows {
  for await (const { text, place } of filledLines(lines)) {
    yield { value: parse(text, place, 'write one JSON object per line'), place };
  }
}

/**
 * The items of a JSON list, one after another, so that a long list need not fit into memory. A row's place is that of
 * its last line. Throws `texts-invalid`, naming file and line, for a file that is not a list or continues after it.
 */
export async function* jsonListRows(name: string, lines: AsyncIterable<Line>): Rows {
  const splitter = createSplitter();
  let at = name;
  for await (const { text, place } of lines) {
    at = place;
    for (const { item, follows } of splitter.items(`${text}\n`, place)) {
      if (item.trim() === '' && follows === ']' && splitter.count === 1) continue;
      const remedy = 'write a list of objects separated by commas, or one object per line';
      yield { value: parse(item, place, remedy), place };
    }
  }
  if (!splitter.ended) {
    throw textsInvalid(`${at}: the JSON list does not end`, 'download or write the file again');
  }
}

/** Cuts a list's text at its own commas, ignoring those in strings and in nested lists or objects. */
function createSplitter() {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let item = '';
  const splitter = {
    count: 0,
    ended: false,
    *items(text: string, place: string): Generator<{ item: string; follows: string }> {
      let start = 0;
      for (let i = 0; i < text.length; i++) {
        const char = text[i] as string;
        if (escaped) escaped = false;
        else if (inString) {
          if (char === '\\') escaped = true;
          else if (char === '"') inString = false;
        } else if (depth === 0) {
          if (/\s/.test(char)) continue;
          if (char !== '[' || splitter.ended) throw noList(place);
          depth = 1;
          start = i + 1;
        } else if (char === '"') inString = true;
        else if (char === '[' || char === '{') depth++;
        else if (depth === 1 && (char === ',' || char === ']')) {
          splitter.count++;
          if (char === ']') {
            depth = 0;
            splitter.ended = true;
          }
          yield { item: item + text.slice(start, i), follows: char };
          item = '';
          start = i + 1;
        } else if (char === ']' || char === '}') depth--;
      }
      if (depth > 0) item += text.slice(start);
    },
  };
  return splitter;
}

const noList = (place: string): Error =>
  textsInvalid(
    `${place}: there is something after the end of the JSON list`,
    'write one list of objects',
  );

function parse(text: string, place: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw textsInvalid(`${place}: not JSON`, remedy, cause);
  }
}
