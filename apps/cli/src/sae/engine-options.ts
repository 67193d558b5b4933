import { availableParallelism } from 'node:os';
import { devices } from '@feedprint/graph';
import type { Command } from 'commander';
import { oneOf, wholeNumber } from '../options.ts';
import { engines } from './engines.ts';

/** Adds --engine, --device and --threads. */
export const addEngineOptions = (command: Command): Command =>
  addThreadsOption(
    command
      .option(
        '--engine <name>',
        `what runs the training steps: ${engines.join(', ')}`,
        oneOf(...engines),
        'onnxruntime',
      )
      .option(
        '--device <name>',
        `where onnxruntime trains: ${devices.join(', ')}`,
        oneOf(...devices),
        'cpu',
      ),
  );

export const addThreadsOption = (command: Command): Command =>
  command.option(
    '--threads <n>',
    'threads inside one operator',
    wholeNumber(1),
    availableParallelism(),
  );
