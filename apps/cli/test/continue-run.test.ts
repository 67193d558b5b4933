import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { argumentsOf } from '../src/dashboard/continue-run.ts';

const here = (path: string): string => resolve(path);

describe('the command that a run states', () => {
  test.each([
    ['feedprint audit --base a --out runs/x', 'runs/x'],
    ["feedprint audit --texts 'my texts.txt' --out='runs/x y'", 'runs/x y'],
    ['feedprint demo', 'runs/demo'],
    ['feedprint demo --about replies --out runs/x', 'runs/x'],
    ['feedprint trajectory --base a --checkpoints s/1 s/2 --out runs/x', 'runs/x'],
    ['feedprint predict --base a --pairs p --out runs/x', 'runs/x'],
    ['feedprint capture --model a --out runs/x', 'runs/x/run'],
    ['feedprint bench planted --model-pairs a b --out runs/x', 'runs/x/run'],
    ['feedprint bench planted-replies --model-pairs a --out runs/x', 'runs/x/run'],
    ['feedprint sae train --model a --out runs/x', 'runs/x/run'],
    ['feedprint sae finetune --sae s --out runs/x', 'runs/x/run'],
    ['feedprint finetune --method dpo --out runs/x', 'runs/x/run'],
    ['feedprint plant --base a --out runs/x', 'runs/x/run'],
  ])('is started again: %s', (command, folder) => {
    const args = argumentsOf(command, here(folder));
    expect(args[0]).toBe(command.split(' ')[1]);
    expect(args.join(' ')).toBe(command.slice('feedprint '.length).replaceAll("'", ''));
  });

  test.each([
    ['another program', 'rm --out runs/x'],
    ['another command', 'feedprint doctor --out runs/x'],
    ['a part of sae that writes no run', 'feedprint sae export --out runs/x'],
    ['a benchmark that leaves no run', 'feedprint bench sae --out runs/x'],
    ['a name of an object', 'feedprint toString --out runs/x'],
    ['another folder', 'feedprint audit --out runs/y'],
    ['no folder', 'feedprint audit --base a'],
    ['two folders', `feedprint audit --out runs/x --out ${join('runs', 'y')}`],
    ['two ways of naming a folder', 'feedprint audit --out=runs/x --out runs/y'],
    ['a folder above the run', 'feedprint finetune --out runs'],
    ['code', 'feedprint audit --config evil.ts --out runs/x'],
    ['code, joined', 'feedprint audit --config=evil.ts --out runs/x'],
    ['an address that keys would go to', 'feedprint audit --labeler-url http://evil --out runs/x'],
    ['one in capitals, joined', 'feedprint audit --labeler-url=HTTPS://evil --out runs/x'],
  ])('is refused for %s', (_, command) => {
    expect(() => argumentsOf(command, here('runs/x'))).toThrow('cannot be continued from here');
  });

  test('opens no second dashboard', () => {
    expect(argumentsOf('feedprint audit --dashboard --out runs/x', here('runs/x'))).toEqual([
      'audit',
      '--out',
      'runs/x',
    ]);
  });
});
