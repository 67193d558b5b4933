import { z } from 'zod';

const at = z.iso.datetime().describe('When, in UTC.');

/** One line of `events.jsonl`. */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    at,
    name: z.string(),
    stages: z.array(z.string()),
    command: z.string().optional().describe('The command line that started it.'),
    worksOn: z
      .record(z.string(), z.string())
      .optional()
      .describe('Names of what it works on, by what that is: model, base, texts, site. For lists.'),
  }),
  z.object({ type: z.literal('stage-started'), at, stage: z.string() }),
  z.object({
    type: z.literal('stage-progress'),
    at,
    stage: z.string(),
    done: z.number(),
    total: z.number(),
    unit: z.string(),
  }),
  z.object({
    type: z.literal('metric'),
    at,
    stage: z.string(),
    name: z.string(),
    step: z.number(),
    value: z.number(),
  }),
  z.object({ type: z.literal('finding'), at, stage: z.string(), text: z.string() }),
  z
    .object({
      type: z.literal('alarm'),
      at,
      stage: z.string(),
      step: z.number(),
      text: z.string(),
    })
    .describe('Something was learned beyond what was told.'),
  z.object({ type: z.literal('stage-finished'), at, stage: z.string(), reused: z.boolean() }),
  z.object({ type: z.literal('run-finished'), at }),
  z.object({ type: z.literal('run-failed'), at, code: z.string(), message: z.string() }),
]);

/** What happened in a run, for observers. */
export type RunEvent = z.infer<typeof runEventSchema>;

/** An event without its time, as producers write it. */
export type RunEventInput = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, 'at'>
    : never
  : never;

/** A finished stage's write-once folder. */
export interface Artifact {
  readonly stage: string;
  /** SHA-256 over the stage's configuration and its inputs' keys. */
  readonly key: string;
  /** Absolute path of the folder. */
  readonly folder: string;
}

/** Write-once artifacts addressed by the hash of what made them, and append-only events. */
export interface RunStore {
  readonly folder: string;
  /** The artifact, if it was written completely before and its files are intact. */
  find(stage: string, key: string): Promise<Artifact | undefined>;
  /** Runs `write` on an empty temporary folder, then renames it to become the artifact. */
  create(stage: string, key: string, write: (folder: string) => Promise<void>): Promise<Artifact>;
  /** Writes a file at the top of the run (report.html, tables/...) in one rename. */
  publish(name: string, content: string | Uint8Array): Promise<void>;
  append(event: RunEventInput): void;
  events(): AsyncIterable<RunEvent>;
  close(): Promise<void>;
}
