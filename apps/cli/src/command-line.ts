import type { Command } from 'commander';

/** The command line as it was typed, for a POSIX shell to run again; what addresses carry of logins and queries is left out. */
export function commandLine(command: Command): string {
  if (command.parent) return commandLine(command.parent);
  const { rawArgs } = command as Command & { readonly rawArgs: readonly string[] };
  return ['feedprint', ...rawArgs].map((arg) => quoted(withoutSecrets(arg))).join(' ');
}

/** A word of a shell that stands for exactly this text. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const withoutSecrets = (text: string): string =>
  text.replaceAll(
    /(https?:\/\/)([^\s/?#]*@)?([^\s?#]*)(\?[^\s#]*)?/gi,
    (_, scheme: string, login = '', place: string, query = '') =>
      `${scheme}${login && '***@'}${place}${query && '?***'}`,
  );
