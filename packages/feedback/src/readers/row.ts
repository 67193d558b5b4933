/** One record of a file. */
export interface Row {
  /** What JSON or a table's cells say; the text itself where a row is a line. */
  readonly value: unknown;
  /** Where it stands, for messages: `FILE, line 3`. */
  readonly place: string;
}

export type Rows = AsyncGenerator<Row, void>;

/** A JSON object, or a table's row by column. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
