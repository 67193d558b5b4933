export { main } from './main.ts';
export { createProgram } from './program.ts';
export type { Io } from './io.ts';
