import { z } from 'zod';

const snapshotSchema = z.object({
  run: z.string(),
  view: z.enum(['audit', 'trajectory']),
  at: z.iso.datetime(),
  answers: z.record(z.string(), z.unknown()),
  leftOut: z.array(z.string()),
});

/** What a static copy holds instead of a server; `undefined` where there is a server. */
export const snapshot = read();

/** Whether there is something behind a path of the API: in a static copy, not behind every one. */
export const isThere = (path: string): boolean =>
  snapshot === undefined || snapshot.answers[path] !== undefined;

function read(): z.infer<typeof snapshotSchema> | undefined {
  const text = document.getElementById('snapshot')?.textContent;
  return text ? snapshotSchema.parse(JSON.parse(text)) : undefined;
}
