import { beginRun } from './write-run.ts';

const look = (step: number, effect: number, learned: boolean) => ({
  ...{ step, effect, low: effect - 1, high: effect + 1, learned, chance: null },
});

interface TrajectoryToWrite {
  /** What its two looks found of lists. */
  readonly effects?: readonly [number, number];
  /** Where the audits of its looks are, from its own folder. */
  readonly audits?: string;
}

/** Writes a trajectory with two looks. */
export async function writeTrajectory(
  root: string,
  id: string,
  { effects = [0.5, 2], audits = 'audits' }: TrajectoryToWrite = {},
): Promise<void> {
  const run = await beginRun(root, id);
  const item = {
    ...{ kind: 'property', name: 'lists', inWords: 'more lists' },
    ...{ beyond: true, first: 20, half: 12 },
    looks: [look(10, effects[0], false), look(20, effects[1], true)],
  };
  const report = {
    ...{ schema: 'feedprint-trajectory/1', feedprint: '0', name: id, base: 'm', steps: 20 },
    ...{ alpha: 0.05, labelsTell: false, items: [item] },
    looks: [10, 20].map((step) => ({
      ...{ step, level: 0.01, audit: `${audits}/step-${step}`, sentence: `look ${step}` },
      ...{ difference: effects[1], wordsEffect: null },
    })),
    alarm: {
      step: 20,
      items: [{ kind: 'property', name: 'lists', inWords: 'more lists', chance: 0 }],
    },
  };
  await run.publish(
    'run.json',
    JSON.stringify({ format: 'feedprint-trajectory-run/1', settings: { seed: 1 } }),
  );
  await run.publish('report.json', JSON.stringify(report));
  run.append({ type: 'run-finished' });
  await run.close();
}
