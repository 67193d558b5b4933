import type { RunFacts } from './run-facts.ts';

type Flags = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** Words of a POSIX shell, single quotes undone. */
const wordsOf = (command: string): string[] =>
  (command.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? []).map((word) =>
    word.replaceAll(
      /'([^']*)'|\\(.)/g,
      (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? '',
    ),
  );

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** `feedprint name --flag value ...`, for a POSIX shell; flags without a value are left out. */
export const commandOf = (name: string, flags: Flags): string =>
  [
    'feedprint',
    name,
    ...Object.entries(flags).flatMap(([flag, value]) =>
      value === undefined
        ? []
        : value === true
          ? [`--${flag}`]
          : [`--${flag}`, ...[value].flat().map(shellWord)],
    ),
  ].join(' ');

/** The command that started a run, taken apart; an audit without flags where it is not known. */
function startedWith({ command = 'feedprint audit' }: Pick<RunFacts, 'command'>): {
  readonly name: string;
  readonly flags: Flags;
} {
  const [, name = 'audit', ...rest] = wordsOf(command);
  const flags: Record<string, string | readonly string[] | true> = {};
  rest.forEach((word, i) => {
    if (!word.startsWith('--')) return;
    const [flag = '', given] = word.slice(2).split(/=(.*)/s);
    const after = rest.slice(i + 1);
    const end = after.findIndex((next) => next.startsWith('--'));
    const values = end < 0 ? after : after.slice(0, end);
    flags[flag] =
      given ?? (values.length === 0 ? true : values.length === 1 ? (values[0] as string) : values);
  });
  return { name, flags };
}

/** What says how one start was done, not what was asked for. */
const ofOneStart = { quick: undefined, json: undefined, overwrite: undefined };

/** The command that started a run, with other flags and asking for everything; `undefined` takes a flag out. */
export function startedOtherwise(report: Pick<RunFacts, 'command'>, changes: Flags): string {
  const { name, flags } = startedWith(report);
  return commandOf(name, { ...flags, ...ofOneStart, ...changes });
}

/** Another command on the models and texts of a run. */
export function onSameModels(name: string, report: Pick<RunFacts, 'command'>): string {
  const { flags } = startedWith(report);
  const { adapter, revision, offline, device } = flags;
  return commandOf(name, {
    base: flagOf(report, 'base'),
    tuned: adapter === undefined ? flagOf(report, 'tuned') : flags['tuned'],
    ...{ adapter, revision, offline, device },
    texts: flagOf(report, 'texts'),
  });
}

/** The value of a flag of the command that started a run; undefined where it has none. */
export function commandFlag(report: Pick<RunFacts, 'command'>, flag: string): string | undefined {
  const value = startedWith(report).flags[flag];
  return typeof value === 'string' ? value : undefined;
}

/** The value of a flag of the command that started a run, or a placeholder in capitals. */
export const flagOf = (report: Pick<RunFacts, 'command'>, flag: string): string =>
  commandFlag(report, flag) ?? flag.toUpperCase();

/** Whether a run audits the embedded models. */
export const isDemo = (report: Pick<RunFacts, 'command'>): boolean =>
  startedWith(report).name === 'demo';

/** The folder of a run as its command names it; undefined where it does not. */
const folderOf = (report: Pick<RunFacts, 'command'>): string | undefined => {
  const { out } = startedWith(report).flags;
  return typeof out === 'string'
    ? out.replace(/\/+$/, '')
    : isDemo(report)
      ? 'runs/demo'
      : undefined;
};

/** A folder for another audit, beside that of the run. */
export const anotherFolder = (report: Pick<RunFacts, 'command'>): string => {
  const folder = folderOf(report);
  return folder === undefined ? 'OUT' : `${folder}-2`;
};

/** The folder of the run, or a placeholder in capitals. */
export const runFolder = (report: Pick<RunFacts, 'command'>): string => folderOf(report) ?? 'RUN';

/** The folder that holds the run. */
export function parentFolder(report: Pick<RunFacts, 'command'>): string {
  const folder = folderOf(report);
  if (folder === undefined) return 'DIR';
  const at = folder.lastIndexOf('/');
  return at < 0 ? '.' : folder.slice(0, Math.max(1, at));
}
