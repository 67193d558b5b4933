import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startDashboard } from '@feedprint/dashboard';
import { writeLargeRun } from './write-large-run.mjs';
const REPEATS = 40;
/** Requests of the pages that grow with a run. */
const requests = {
  'list of runs': '/api/runs',
  'one run': '/api/runs/large',
  'features, first page': '/api/runs/large/features?limit=200',
  'features, by label': '/api/runs/large/features?search=praise',
  'features, by density': '/api/runs/large/features?minDensity=0.01&maxDensity=0.02&sort=density',
  'features, page 900': '/api/runs/large/features?offset=90000&sort=index&order=up',
  'texts, first page': '/api/runs/large/texts?limit=200',
  'texts, moved furthest': '/api/runs/large/texts?limit=200&sort=moved&offset=1000',
  'texts, with a word': '/api/runs/large/texts?limit=200&word=film',
  'one text': '/api/runs/large/texts/1234',
  'figures, by place': '/api/runs/large/figures?search=words%5B5',
};
/** Measures the server's answers on a run of 100,000 features and 1,000,000 tokens: `npm run bench` in this package. */
const root = await mkdtemp(join(tmpdir(), 'feedprint-dashboard-bench-'));
await writeLargeRun({ folder: join(root, 'large'), features: 100_000, tokens: 1_000_000 });
const dashboard = await startDashboard({ folder: root });
for (const [name, path] of Object.entries(requests)) {
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now();
    const response = await fetch(new URL(path, dashboard.url));
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.ceil(share * REPEATS) - 1] ?? NaN).toFixed(0);
  process.stdout.write(
    `${name.padEnd(24)} median ${at(0.5).padStart(4)} ms, p95 ${at(0.95).padStart(4)} ms\n`,
  );
}
await dashboard.close();
await rm(root, { recursive: true });
