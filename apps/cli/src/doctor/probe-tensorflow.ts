import { z } from 'zod';
import { runInChild, urlOf } from './run-in-child.ts';

export interface TensorflowCheck {
  /** The backend's name, and for native ones the package. */
  readonly name: string;
  readonly works: boolean;
  readonly version?: string;
  /** Why not. */
  readonly reason?: string;
  /** Command that installs it. */
  readonly install?: string;
}

interface Build {
  readonly name: string;
  readonly backend: string;
  readonly packages: readonly string[];
  readonly needs?: string;
}

/** What the TensorFlow.js engine looks for, fastest first. */
const builds: readonly Build[] = [
  {
    name: '@tensorflow/tfjs-node-gpu',
    backend: 'tensorflow',
    packages: ['@tensorflow/tfjs-node-gpu'],
    needs: 'needs Node below 23 and CUDA',
  },
  {
    name: '@tensorflow/tfjs-node',
    backend: 'tensorflow',
    packages: ['@tensorflow/tfjs-node'],
    needs: 'needs Node below 23',
  },
  ...['wasm', 'cpu'].map((backend) => ({
    name: backend,
    backend,
    packages: ['@tensorflow/tfjs-core', `@tensorflow/tfjs-backend-${backend}`],
  })),
];

const answerSchema = z.union([
  z.object({ version: z.string() }),
  z.object({ missing: z.literal(true) }),
]);

/** Adds 1 and 1 on every backend of TensorFlow.js, each in a process of its own. */
export const probeTensorflow = (): Promise<TensorflowCheck[]> =>
  Promise.all(
    builds.map(async ({ name, backend, packages, needs }) => {
      const answer = await runInChild(script(urlOf('@feedprint/graph'), packages, backend));
      const install = `npm install ${packages.join(' ')}${needs ? ` (${needs})` : ''}`;
      if ('reason' in answer) return { name, works: false, reason: answer.reason, install };
      const found = answerSchema.parse(answer.value);
      return 'version' in found
        ? { name, works: true, version: found.version }
        : { name, works: false, reason: 'not installed', install };
    }),
  );

const script = (from: string, packages: readonly string[], backend: string): string => `
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const require = createRequire(${JSON.stringify(from)});
  const modules = [];
  for (const name of ${JSON.stringify(packages)}) {
    let path;
    try {
      path = require.resolve(name);
    } catch {
      return { missing: true };
    }
    modules.push(await import(pathToFileURL(path)));
  }
  const tf = modules[0].default ?? modules[0];
  tf.enableProdMode();
  await tf.setBackend(${JSON.stringify(backend)});
  const two = tf.tidy(() => tf.add(tf.scalar(1), 1).dataSync()[0]);
  if (two !== 2) throw new Error('it computed 1 + 1 = ' + two);
  return { version: require(${JSON.stringify(`${packages[0]}/package.json`)}).version };
`;
