import { FeedprintError } from '../errors.ts';

/** Most characters of a message that come from a file. */
const LONGEST = 400;

/** `checkpoint-invalid` for a safetensors file; control characters and overlong names in `problem` are not passed on. */
export function invalid(file: string, problem: string): FeedprintError {
  const start = problem.length > LONGEST ? `${problem.slice(0, LONGEST)}...` : problem;
  return new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${file} is not a valid safetensors file: ${start.replaceAll(/\p{Cc}/gu, '\ufffd')}`,
    remedy: 'download or export it again',
  });
}
