import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A block of code in a document. */
export interface CodeBlock {
  /** The document and the line before its first: `packages/core/README.md:7`. */
  readonly place: string;
  /** `ts`, `console`, ...; `''` for an indented block. */
  readonly language: string;
  readonly code: string;
  /** Why it is not run, from a comment `<!-- not run: why -->` above it. */
  readonly notRun: string | undefined;
  /** Why it is not even checked, from a comment `<!-- fragment: why -->` above it. */
  readonly fragment: string | undefined;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const blocks =
  /(?:<!-- (?<mark>not run|fragment): (?<why>.+?) -->\n+)?(?:```(?<language>\w*)\n(?<fenced>[^]*?)^```|(?<=\n\n)(?<indented>(?: {4}.*(?:\n|$)|\n(?= {4}))+))/gm;

/** The code blocks of a document, by its path in the repository. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = readFileSync(root + document, 'utf8');
  return [...text.matchAll(blocks)].map(({ index, groups = {} }) => ({
    place: `${document}:${text.slice(0, index).split('\n').length}`,
    language: groups['language'] ?? '',
    code: groups['fenced'] ?? groups['indented']?.replaceAll(/^ {4}/gm, '') ?? '',
    notRun: groups['mark'] === 'not run' ? groups['why'] : undefined,
    fragment: groups['mark'] === 'fragment' ? groups['why'] : undefined,
  }));
}
