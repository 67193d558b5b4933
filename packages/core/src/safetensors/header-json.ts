import { invalid } from './invalid.ts';

/** Longest JSON of one tensor's entry. */
const MAX_ENTRY = 65_536;
/** Nesting depth of a valid entry: the entry itself and its shape. */
const MAX_DEPTH = 2;

/**
 * Names and values of a JSON object, in the order of the file. Unlike `JSON.parse`, it stops at the first fault and
 * refuses duplicate names, nesting that no header needs and entries of tensors beyond 64 KiB, so that a hostile header
 * costs no more memory than its own size. Throws `checkpoint-invalid`.
 */
export function headerEntries(file: string, json: string): ReadonlyMap<string, unknown> {
  const entries = new Map<string, unknown>();
  const notJson = (): Error => invalid(file, 'its header is not JSON');
  const parse = (from: number, to: number): unknown => {
    try {
      return JSON.parse(json.slice(from, to));
    } catch {
      throw notJson();
    }
  };
  const stringFrom = (at: number): number => {
    const end = json[at] === '"' ? endOfString(json, at) : -1;
    if (end < 0) throw notJson();
    return end;
  };

  let at = skipBlanks(json, 0);
  if (json[at] !== '{') {
    throw /["[\dntf-]/.test(json[at] ?? '')
      ? invalid(file, 'its header is not a JSON object')
      : notJson();
  }
  at = skipBlanks(json, at + 1);
  const empty = json[at] === '}';
  for (let more = !empty; more;) {
    const nameEnd = stringFrom(at);
    const name = parse(at, nameEnd) as string;
    at = skipBlanks(json, nameEnd);
    if (json[at] !== ':') throw notJson();
    at = skipBlanks(json, at + 1);
    const end = endOfValue(file, json, at, name === '__metadata__' ? Infinity : MAX_ENTRY);
    if (entries.has(name)) throw invalid(file, `it names ${name} twice`);
    entries.set(name, parse(at, end));
    at = skipBlanks(json, end);
    more = json[at] === ',';
    if (more) at = skipBlanks(json, at + 1);
    else if (json[at] !== '}') throw notJson();
  }
  if (skipBlanks(json, at + 1) !== json.length) throw notJson();
  return entries;
}

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return at;
}

/** Index after the quote that closes the string at `start`; -1 if none does. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = json.indexOf('"', at);
    if (at < 0) return -1;
    let slashes = 0;
    while (json[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

/**
 * Index after the value at `start`: past its closing bracket, or, for a bare value, at the comma or bracket that
 * follows.
 */
function endOfValue(file: string, json: string, start: number, longest: number): number {
  const tooLong = (): Error =>
    invalid(file, `one of its entries is longer than ${longest} characters`);
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    if (at - start > longest) throw tooLong();
    const letter = json[at];
    if (letter === '"') {
      at = endOfString(json, at) - 1;
      if (at < 0) break;
      if (at - start > longest) throw tooLong();
      if (depth === 0) return at + 1;
    } else if (letter === '{' || letter === '[') {
      if (++depth > MAX_DEPTH)
        throw invalid(file, 'its header is nested more deeply than tensors need');
    } else if (letter === '}' || letter === ']') {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (letter === ',' && depth === 0) {
      return at;
    }
  }
  throw invalid(file, 'its header is not JSON');
}
