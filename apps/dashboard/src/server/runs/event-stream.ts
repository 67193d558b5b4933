import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRunEvents } from '@feedprint/pipeline';
import type { RunFolder } from './run-folders.ts';
import type { RunReader } from './run-reader.ts';

export interface EventStreamOptions {
  readonly run: RunFolder;
  readonly reader: RunReader;
  /** Byte of the event log to begin at; `end`: with the next event. */
  readonly from: number | 'end';
  readonly pollMilliseconds: number;
  readonly response: ServerResponse;
}

/** Quiet polls after which a comment shows that the stream is alive. */
const quietPolls = 60;

/**
 * Server-sent events that follow a run's log until the client leaves. If the log is gone or another one, a `restart` event ends it. Each event's id is the byte after its line,
 * so that `Last-Event-ID` says where to go on. A `status` event tells whether the run is being written and has a report.
 */
export async function streamEvents(options: EventStreamOptions): Promise<void> {
  const { run, reader, pollMilliseconds, response } = options;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const send = async (text: string): Promise<void> => {
    if (response.write(text) || left.signal.aborted) return;
    await once(response, 'drain', { signal: left.signal });
  };

  let next = options.from === 'end' ? (await reader.detail(run)).next : options.from;
  let told = '';
  let quiet = 0;
  try {
    await send('retry: 1000\n\n');
    while (!left.signal.aborted) {
      if (await wasReplaced(run, next)) {
        await send('event: restart\ndata: {}\n\n');
        response.end();
        return;
      }
      const status = JSON.stringify(await reader.live(run));
      const batch = await readRunEvents(run.folder, next);
      let text = '';
      for (const { event, end } of batch.events) {
        text += `id: ${end}\ndata: ${JSON.stringify(event)}\n\n`;
      }
      if (status !== told) text += `event: status\nid: ${batch.next}\ndata: ${status}\n\n`;
      quiet = text === '' ? quiet + 1 : 0;
      if (quiet % quietPolls === quietPolls - 1) text = ': still here\n\n';
      if (text !== '') await send(text);
      next = batch.next;
      told = status;
      await sleep(pollMilliseconds, undefined, { signal: left.signal });
    }
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
}

async function wasReplaced({ folder }: RunFolder, next: number): Promise<boolean> {
  try {
    return (await stat(join(folder, 'events.jsonl'))).size < next;
  } catch {
    return true;
  }
}
