import { afterAll } from '@jest/globals';
import { temporaryFolders } from '@feedprint/core/testing';

export { hashTree, tickingClock } from '@feedprint/core/testing';

/** A new empty folder, removed after the tests of this file. */
export const temporaryFolder = temporaryFolders(afterAll);
