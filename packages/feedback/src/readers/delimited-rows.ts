import type { Line } from './lines.ts';
import type { Rows } from './row.ts';
import { textsInvalid } from './texts-invalid.ts';

/**
 * The rows of a delimited table (RFC 4180) as objects, keyed by the header's names; an empty cell is null. A quoted
 * cell may contain delimiters, doubled quotes and line breaks. Throws `texts-invalid`, naming file and line.
 */
export async function* delimitedRows(lines: AsyncIterable<Line>, delimiter: string): Rows {
  const split = createCellSplitter(delimiter);
  let header: readonly string[] | undefined;
  let begun: string | undefined;
  for await (const line of lines) {
    const place = begun ?? line.place;
    const cells = split(line);
    begun = cells ? undefined : place;
    if (!cells || (cells.length === 1 && (cells[0] as string).trim() === '')) continue;
    if (!header) header = headerOf(cells, place);
    else yield { value: toObject(header, cells, place), place };
  }
  if (begun !== undefined) {
    throw textsInvalid(`${begun}: a quote that is never closed`, 'double the quotes within cells');
  }
}

/** Takes a table's lines one by one; returns the cells of a row at its last line, `undefined` before that. */
export function createCellSplitter(delimiter: string): (line: Line) => string[] | undefined {
  let cells: string[] = [];
  /** Lines so far of the quoted cell that is still open. */
  let open: string[] | undefined;
  const finish = (): string[] => {
    const row = cells;
    cells = [];
    return row;
  };
  return ({ text, place }) => {
    const line = text.replace(/\r$/, '');
    for (let at = 0; ;) {
      if (!open && line[at] === '"') {
        open = [];
        at++;
      } else if (open) {
        const end = closingQuote(line, at);
        open.push(end < 0 ? line.slice(at) : line.slice(at, end));
        if (end < 0) return undefined;
        cells.push(open.join('\n').replaceAll('""', '"'));
        open = undefined;
        if (end + 1 === line.length) return finish();
        if (line[end + 1] !== delimiter) {
          throw textsInvalid(`${place}: text after a closing quote`, 'double quotes within cells');
        }
        at = end + 2;
      } else {
        const end = line.indexOf(delimiter, at);
        cells.push(end < 0 ? line.slice(at) : line.slice(at, end));
        if (end < 0) return finish();
        at = end + 1;
      }
    }
  };
}

function closingQuote(line: string, from: number): number {
  let end = line.indexOf('"', from);
  while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
  return end;
}

/**
 * What separates the cells of a header: the candidate that gives the most cells, or the first if none separates any.
 */
export function delimiterOf(header: string, candidates: readonly string[]): string {
  const count = (delimiter: string): number =>
    header.replaceAll(/"[^"]*"/g, '').split(delimiter).length;
  return candidates.reduce((best, other) => (count(other) > count(best) ? other : best));
}

function headerOf(cells: readonly string[], place: string): readonly string[] {
  const twice = cells.find((name, i) => cells.indexOf(name) !== i);
  if (twice === undefined) return cells;
  throw textsInvalid(`${place}: two columns called "${twice}"`, 'give every column its own name');
}

function toObject(header: readonly string[], cells: readonly string[], place: string) {
  if (cells.length !== header.length) {
    throw textsInvalid(
      `${place}: ${cells.length} cells under a header of ${header.length}`,
      'quote cells that contain the delimiter, a quote or a line break',
    );
  }
  return Object.fromEntries(header.map((name, i) => [name, cells[i] === '' ? null : cells[i]]));
}
