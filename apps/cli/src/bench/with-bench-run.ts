import { basename, join, resolve } from 'node:path';
import type { RunEventInput } from '@feedprint/core';
import { defineStage, readJson, withRun, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { version } from '../version.ts';

/** A benchmark as lists of runs show it. */
export interface BenchRun<R> {
  /** `planted`, ... */
  readonly bench: string;
  /** Folder of what it runs; its own run is kept in `run` below it. */
  readonly out: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names of the models that it is on. */
  readonly models: readonly string[];
  /** How often it says what it does next. */
  readonly steps: number;
  readonly command: string;
  readonly headline: (result: R) => string;
}

/** How a benchmark reports. */
export interface BenchTalk {
  /** Says what is done next. */
  readonly say: (what: string) => void;
  readonly onEvent: (event: RunEventInput) => void;
}

/**
 * Does a benchmark as a run: its steps as progress, its result in `result.json`, and what came of it as its finding. It is always done anew;
 * what it rests on are runs of their own, which are taken over.
 */
export function withBenchRun<R>(
  { bench, out, settings, models, steps, command, headline }: BenchRun<R>,
  { now, signal }: Pick<Io, 'now' | 'signal'>,
  { say, onEvent }: BenchTalk,
  work: (talk: BenchTalk) => Promise<R>,
): Promise<R> {
  let result: R | undefined;
  const stage = defineStage({
    name: 'bench',
    needs: {},
    config: ({ startedAt }: { readonly startedAt: string }) => ({ startedAt }),
    work: async ({ folder, stage: reports }) => {
      let begun = 0;
      result = await work({
        onEvent,
        say: (what) => {
          if (!signal.aborted) reports.progress(Math.min(begun, steps), steps, 'steps');
          begun++;
          say(what);
        },
      });
      reports.progress(steps, steps, 'steps');
      reports.finding(headline(result));
      await writeJson(folder, 'result.json', result);
    },
    read: (folder) => readJson(folder, 'result.json', z.unknown()),
  });
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-bench-run/1',
        feedprint: version,
        settings: { bench, ...settings },
      },
      stages: [stage],
      context: { startedAt: now().toISOString() },
      // More models may be added to a benchmark.
      overwrite: true,
      worksOn: { models: models.join(', ') },
      ...{ command, now, signal },
    },
    async (run) => {
      await run.finish();
      return result as R;
    },
  );
}
