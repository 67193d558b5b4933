import type { DashboardContext } from '../context.ts';
import { comparisonOf } from '../routes/compare.ts';
import { detailOf } from '../routes/runs.ts';
import { readTrajectory, toTrajectory } from '../runs/read-trajectory.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { answersOf, auditCopy, pairsBeyond } from './audit-copy.ts';
import type { Copy } from './snapshot-of.ts';

/** Audits of looks that are part of a copy: the last ones. */
const LOOKS = 12;
/** How much of each. */
const EXTENT = { flaggedPairs: 10, pairs: 3, features: 0, texts: 0 };

/** What the page of a trajectory asks for, with the audits of its looks; `run` is the trajectory or the training that it is of. */
export async function trajectoryCopy(
  context: DashboardContext,
  { run, trajectory }: { readonly run: RunFolder; readonly trajectory: RunFolder },
): Promise<Copy> {
  const { folders } = context;
  const found = await toTrajectory(await readTrajectory(trajectory), trajectory, folders);
  const answers: Record<string, unknown> = {
    [answersOf(run)]: await detailOf(context, run),
    [`${answersOf(trajectory)}/trajectory`]: found,
  };
  const all = found.looks.flatMap(({ run: look }) => (look === null ? [] : [look]));
  const shown = all.slice(-LOOKS);
  for (const look of shown) {
    Object.assign(answers, (await auditCopy(context, await folders.find(look), EXTENT)).answers);
  }
  const [first, last] = [shown[0], shown.at(-1)];
  if (first !== undefined && last !== undefined && first !== last) {
    const query = new URLSearchParams([first, last].map((look): [string, string] => ['run', look]));
    answers[`/api/compare?${query}`] = await comparisonOf(context, [first, last]);
  }
  const leftOut = [
    ...(all.length > shown.length
      ? [`Audits of ${all.length - shown.length} looks before the last ${shown.length}.`]
      : []),
    `Texts and features of the audits, and ${pairsBeyond(EXTENT)}.`,
    'Comparisons but for that of the first look here and the last.',
    'The playground: a file has no models to ask.',
    'Reports and tables, which lie in the folders of the runs.',
  ];
  return { answers, leftOut };
}
