import { tfjsBuilds, tfjsInstallCommand } from '@feedprint/graph/tfjs';
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

const answerSchema = z.union([
  z.object({ version: z.string() }),
  z.object({ missing: z.literal(true) }),
]);

/** Adds 1 and 1 on every build of TensorFlow.js, each in a process of its own. */
export const probeTensorflow = (): Promise<TensorflowCheck[]> =>
  Promise.all(
    tfjsBuilds.map(async (build) => {
      const { backend, packages } = build;
      const name = backend === 'tensorflow' ? (packages[0] as string) : backend;
      const answer = await runInChild(script(urlOf('@feedprint/graph'), packages, backend));
      const install = tfjsInstallCommand(build);
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
