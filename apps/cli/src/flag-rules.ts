import { FeedprintError } from '@feedprint/core';
import { Option } from 'commander';
import type { Command } from 'commander';

/** When flags do something, and what is said of them otherwise. */
export interface FlagUse {
  /** Whether the other flags, by their names as properties, leave these something to do. */
  readonly when: (flags: Readonly<Record<string, unknown>>) => boolean;
  /** Ends the sentence `--x does nothing ...`: `without --pairs`. */
  readonly otherwise: string;
  /** How they come to do something: `add --pairs`. */
  readonly remedy: string;
}

/** Refuses flags of a command where they would be ignored. Defaults are not looked at. The command throws `usage`. */
export function usedOnly(command: Command, flags: readonly string[], use: FlagUse): Command {
  return command.hook('preAction', (_, action) => {
    if (use.when(action.opts())) return;
    const ignored = flags.find(
      (flag) => action.getOptionValueSource(optionOf(action, flag).attributeName()) === 'cli',
    );
    if (ignored === undefined) return;
    throw new FeedprintError({
      code: 'usage',
      message: `${ignored} does nothing ${use.otherwise}`,
      remedy: `${use.remedy}, or leave ${ignored} out`,
    });
  });
}

/**
 * Keeps the former name of a flag for one release: it fills the new one, is not in the help, and says what it is called now. Both
 * at once are refused.
 */
export function formerly(command: Command, former: string, name: string): Command {
  const option = optionOf(command, name);
  command.addOption(new FormerOption(former, option));
  const given = new Set<string>();
  const notice = (flag: string) => (): void => {
    given.add(flag);
    if (given.size > 1) {
      command.error(`error: ${former} is the former name of ${name}; give ${name} alone`);
    }
    if (flag === name) return;
    command
      .configureOutput()
      .writeErr?.(`note: ${former} is called ${name} now; the next release drops the old name\n`);
  };
  for (const flag of [former, name]) command.on(`option:${flag.slice(2)}`, notice(flag));
  return command;
}

/** An option that is kept as the value of another one. */
class FormerOption extends Option {
  readonly #now: Option;

  constructor(former: string, now: Option) {
    super(now.flags.replace(now.long ?? '', former));
    this.#now = now;
    if (now.parseArg) this.argParser(now.parseArg);
    this.hideHelp();
  }

  override attributeName(): string {
    return this.#now.attributeName();
  }
}

function optionOf(command: Command, flag: string): Option {
  const option = command.options.find(({ long }) => long === flag);
  if (option) return option;
  throw new FeedprintError({
    code: 'internal',
    message: `${command.name()} has no flag ${flag}`,
    remedy: 'name a flag that was added to it',
  });
}
