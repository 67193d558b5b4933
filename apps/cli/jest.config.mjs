import { preset } from '../../jest.preset.mjs';

/** The longest tests, which run when most other packages' are done: on both cores of a small machine. */
export default { ...preset, maxWorkers: 2 };
