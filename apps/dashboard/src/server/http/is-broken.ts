import { z } from 'zod';

/** What the system says of a file that is missing, no file, not ours to read, or named impossibly. */
const codes: readonly unknown[] = [
  ...['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'],
  'ERR_INVALID_ARG_VALUE',
];

/** Whether an error says that a file of a run is missing, no JSON, or of another form, in words that are not for people. */
export const isBroken = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  error instanceof z.ZodError ||
  (typeof error === 'object' && error !== null && 'code' in error && codes.includes(error.code));
