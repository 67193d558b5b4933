// A finding of your own: a stage that measures it, resumable as all are, and the chapter that a report shows it in.
// node examples/dist/own-finding.js [run folder] [base folder] [tuned folder]
import { join } from 'node:path';
import { loadModel } from '@feedprint/activations';
import { withRun } from '@feedprint/pipeline';
import { composeReport } from '@feedprint/report';
import { demo } from './demo.ts';
import { entropyChapter } from './parts/entropy-chapter.ts';
import { entropy } from './parts/entropy.ts';
import { factsOf } from './run-facts.ts';

const [folder = 'runs/entropy', base = demo('base'), tuned = demo('tuned-planted')] =
  process.argv.slice(2);
const folders = [base, tuned];
const models = await Promise.all(folders.map((name) => loadModel(name)));
const report = composeReport([entropyChapter]);
const options = { folder, description: { settings: { folders } }, stages: [entropy] };

await withRun({ ...options, context: { folders, models } }, async (run) => {
  const { values } = await run.outputs({ values: entropy });
  const found = { ...factsOf(run.name, models), entropy: values };
  const summary = report.summarize(found);
  await run.store.publish('report.html', report.render({ ...found, ...summary }));
  console.log(summary.summary.join('\n'), join(folder, 'report.html'));
});
await Promise.all(models.map((model) => model.dispose()));
