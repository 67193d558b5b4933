/** Rows of a file that yielded nothing, and why. */
export interface SkippedRows {
  /** What was wrong with them. */
  readonly reason: string;
  readonly rows: number;
  /** Where the first of them is, for people. */
  readonly first: string;
}

/** What is known about a file that was read, so that people can be told what it was taken for. */
export interface ReadFile {
  /** The file's own name. */
  readonly file: string;
  /** SHA-256 of the file as stored; if reading stopped at a limit, of what was read. */
  readonly sha256: string;
  /** What it was recognised as, such as `jsonl, column text`. */
  readonly layout: string;
  readonly skipped: readonly SkippedRows[];
}

export interface TextFile extends ReadFile {
  readonly texts: readonly string[];
}

export interface ReadLimit {
  /** Most texts or pairs to read: what comes after them is not looked at. */
  readonly limit?: number | undefined;
}
