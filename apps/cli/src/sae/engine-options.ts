import type { Command } from 'commander';
import { addDeviceOption } from '../model-options.ts';
import { addThreadsOption, oneOf } from '../options.ts';
import { engines } from './engines.ts';

/** Adds --engine, --device and --threads. */
export const addEngineOptions = (command: Command): Command =>
  addDeviceOption(
    addThreadsOption(
      command.option(
        '--engine <name>',
        `what runs the training steps: ${engines.join(', ')}`,
        oneOf(...engines),
        'onnxruntime',
      ),
    ),
    'onnxruntime trains on',
  );
