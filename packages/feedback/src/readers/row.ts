/** One record of a file. */
export interface Row {
  /** The JSON value or the table's cells; the text itself if a row is a line. */
  readonly value: unknown;
  /** Where it is, for messages: `FILE, line 3`. */
  readonly place: string;
}

export type Rows = AsyncGenerator<Row, void>;

/** A JSON object, or a table's row keyed by column. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
