import { createCellSplitter, delimiterOf } from './delimited-rows.ts';
import { isObject } from './row.ts';
import { textsInvalid } from './texts-invalid.ts';

/** What a file is, by its content. */
export type Format =
  | { readonly name: 'jsonl' | 'json' | 'parquet' | 'txt' }
  | { readonly name: 'csv' | 'tsv'; readonly delimiter: string };

/** Number of bytes at a file's beginning by which its format is recognised. */
export const HEAD = 1 << 16;

/** The first bytes of Parquet. */
export const parquetMark = 'PAR1';

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

/** Formats that are not supported: what their bytes begin with, what people call them, what to do. */
const foreign: readonly (readonly [begin: RegExp, what: string, remedy: string])[] = [
  [/^425a68..314159265359/, 'compressed with bzip2', 'unpack it with bzip2 -d'],
  [/^504b0304/, 'a zip archive', 'unpack it and name the file inside'],
  [/^.{514}7573746172/, 'a tar archive', 'unpack it and name the file or folder inside'],
  [/^(4152524f5731|ffffffff)/, 'an Arrow file', 'write the data set as Parquet or JSON lines'],
  [/^4f626a01/, 'an Avro file', 'write the data set as Parquet or JSON lines'],
  [/^53514c69746520/, 'an SQLite database', 'write the table as CSV or JSON lines'],
  [/^255044462d/, 'a PDF', 'write its text to a file, one text per line'],
  [
    new RegExp(`^${hexOf('version https://git-lfs.github.com/')}`),
    'a Git LFS pointer, not the file itself',
    'fetch the file with git lfs pull',
  ],
];

/** Columns whose names distinguish a table from lines of text. */
const telling: ReadonlySet<string> = new Set([
  'text',
  'chosen',
  'rejected',
  'prompt',
  'completion',
  'text_a',
  'response_a',
]);

/** A file's name without the ending of its compression, if the name then says what is inside. */
export function endingOf(name: string): string {
  const plain = name.toLowerCase().replace(/\.(gz|gzip|zst|zstd|xz|bz2|zip)$/, '');
  const ending = /\.([a-z0-9]+)$/.exec(plain)?.[1] ?? '';
  return { ndjson: 'jsonl', jsonlines: 'jsonl', tab: 'tsv', pq: 'parquet' }[ending] ?? ending;
}

/**
 * Recognises a file's format by its first bytes (uncompressed, UTF-8). The ending decides only what the content leaves
 * open: which delimiter, or whether each line is a text. Throws `texts-invalid` for unsupported formats, naming them,
 * and if the ending promises something that the content is not.
 */
export function recognize(name: string, head: Buffer): Format {
  const hex = head.subarray(0, 512).toString('hex');
  if (hex.startsWith(hexOf(parquetMark))) return { name: 'parquet' };
  const known = foreign.find(([begin]) => begin.test(hex));
  if (known) throw textsInvalid(`${name} is ${known[1]}`, known[2]);
  const ending = endingOf(name);
  if (ending === 'parquet') {
    throw textsInvalid(`${name} is called Parquet but is not`, 'download the file again');
  }
  const lines = head
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const [first = '', second] = lines.map((line) => line.trim());
  const isJsonEnding = ending === 'json' || ending === 'jsonl';
  // The head may end inside the first line.
  const value = parse(first) ?? (lines.length === 1 && head.length === HEAD ? {} : undefined);
  if (first.startsWith('{') && isObject(value)) return { name: 'jsonl' };
  if (/^\{\s*("|$)/.test(first)) {
    if (ending === 'jsonl' || !/[{[,:]$/.test(first)) return { name: 'jsonl' };
    throw oneObject(name);
  }
  if (/^\[\s*([{"[\]]|$)/.test(first) || (first.startsWith('[') && isJsonEnding)) {
    const isLine = Array.isArray(parse(first)) && second !== undefined;
    return { name: isLine ? 'jsonl' : 'json' };
  }
  if (isJsonEnding) return { name: 'jsonl' };
  if (ending === '' && [first, second ?? '""'].every((line) => typeof parse(line) === 'string')) {
    return { name: 'jsonl' };
  }
  return tableOf(name, first, ending) ?? { name: 'txt' };
}

/** A delimited table by its ending, or by a header that names a column for texts. */
function tableOf(name: string, header: string, ending: string): Format | undefined {
  const candidates = ending === 'tsv' ? ['\t', ','] : [',', '\t', ';'];
  const delimiter = delimiterOf(header, candidates);
  const table = { name: delimiter === '\t' ? 'tsv' : 'csv', delimiter } as const;
  if (ending === 'csv' || ending === 'tsv') return table;
  if (!header.includes(delimiter)) return undefined;
  const names = createCellSplitter(delimiter)({ text: header, place: name }) ?? [];
  const isHeader = names.every((cell) => /^[\p{L}_][\w.-]*$/u.test(cell));
  return isHeader && names.some((cell) => telling.has(cell)) ? table : undefined;
}

function oneObject(name: string): Error {
  const remedy = 'write one object per line, or a list of objects';
  return textsInvalid(`${name} is one JSON object over several lines`, remedy);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
