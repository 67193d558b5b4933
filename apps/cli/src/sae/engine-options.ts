import { devices } from '@feedprint/graph';
import type { Command } from 'commander';
import { addThreadsOption, oneOf } from '../options.ts';
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
