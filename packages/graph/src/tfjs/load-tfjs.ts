import { FeedprintError } from '@feedprint/core';
import type { Tf } from './kernel.ts';

/** `tensorflow` is the native one, with CUDA in `@tensorflow/tfjs-node-gpu`. */
export type TfjsBackend = 'tensorflow' | 'wasm' | 'cpu';

export interface TfjsOptions {
  /** Default: the fastest that is installed, or the one that is active in `tf`. */
  readonly backend?: TfjsBackend;
  /** A TensorFlow.js module with its backends, such as `@tensorflow/tfjs-node`. Default: the fastest that is installed. */
  readonly tf?: Tf;
}

/** TensorFlow.js, and the name of the backend to compute with. */
export interface LoadedTfjs {
  readonly tf: Tf;
  readonly backend: string;
}

/** One way to get TensorFlow.js. */
export interface TfjsBuild {
  readonly backend: TfjsBackend;
  /** The first is the module, the others add backends to it. */
  readonly packages: readonly string[];
  readonly needs?: string;
}

/** What the engine looks for, fastest first. */
export const tfjsBuilds: readonly TfjsBuild[] = [
  {
    backend: 'tensorflow',
    packages: ['@tensorflow/tfjs-node-gpu'],
    needs: 'CUDA, Node below 23',
  },
  { backend: 'tensorflow', packages: ['@tensorflow/tfjs-node'], needs: 'Node below 23' },
  { backend: 'wasm', packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'] },
  { backend: 'cpu', packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'] },
];

/**
 * The module that was passed, or the first of the packages above that is installed and works here. Throws
 * `dependency-missing` with what to install.
 */
export async function loadTfjs(
  { backend, tf }: TfjsOptions,
  importModule: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<LoadedTfjs> {
  const failures: unknown[] = [];
  const attempt = async (load: () => Promise<LoadedTfjs>): Promise<LoadedTfjs | undefined> => {
    try {
      return await load();
    } catch (failure) {
      failures.push(failure);
      return undefined;
    }
  };
  if (tf) {
    const passed = await attempt(() => activate(tf, backend));
    if (passed) return passed;
    throw missing(backend, failures, 'pass a module that has this backend, or none');
  }
  const wanted = tfjsBuilds.filter((build) => backend === undefined || build.backend === backend);
  for (const build of wanted) {
    const found = await attempt(() => importBuild(build, importModule));
    if (found) return found;
  }
  throw missing(backend, failures, wanted.map(tfjsInstallCommand).join('; or '));
}

async function importBuild(
  { backend, packages }: TfjsBuild,
  importModule: (name: string) => Promise<unknown>,
): Promise<LoadedTfjs> {
  const modules: unknown[] = [];
  for (const name of packages) modules.push(await importModule(name));
  const [namespace] = modules as [Tf & { readonly default?: Tf }];
  const tf = namespace.default ?? namespace;
  // Without it TensorFlow.js prints advice.
  tf.enableProdMode();
  return activate(tf, backend);
}

/** Makes the backend compute something: on Node 23 and later the native ones load, and fail then. */
async function activate(tf: Tf, wanted: TfjsBackend | undefined): Promise<LoadedTfjs> {
  await (wanted === undefined ? tf.ready() : tf.setBackend(wanted));
  const backend = wanted ?? tf.getBackend();
  const two = tf.tidy(() => tf.add(tf.scalar(1), 1).dataSync()[0]);
  if (two !== 2) throw new TypeError(`the backend ${backend} computes 1 + 1 = ${two}`);
  return { tf, backend };
}

/** The command that installs a build, with what it needs besides. */
export const tfjsInstallCommand = ({ packages, needs }: TfjsBuild): string =>
  `npm install ${packages.join(' ')}${needs === undefined ? '' : ` (${needs})`}`;

function missing(
  backend: TfjsBackend | undefined,
  failures: readonly unknown[],
  remedy: string,
): FeedprintError {
  const what =
    backend === undefined ? 'TensorFlow.js' : `TensorFlow.js with the backend ${backend}`;
  const broken = failures.find((failure) => !isNotInstalled(failure));
  const reason = broken instanceof Error ? `: ${broken.message.split('\n', 1)[0]}` : '';
  return new FeedprintError({
    code: 'dependency-missing',
    message: `${what} could not be loaded${reason}`,
    remedy,
    cause: new AggregateError(failures),
  });
}

const isNotInstalled = (failure: unknown): boolean =>
  failure instanceof Error &&
  'code' in failure &&
  (failure.code === 'ERR_MODULE_NOT_FOUND' || failure.code === 'MODULE_NOT_FOUND');
