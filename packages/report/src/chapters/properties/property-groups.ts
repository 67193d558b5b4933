interface Flagged {
  readonly name: string;
  readonly flagged: boolean;
  readonly partner: string | null;
}

/**
 * Flagged properties as findings: a property, then those that may have been learned in its place, which neither replies nor labels
 * can tell from it.
 */
export function groupsOf<P extends Flagged>(properties: readonly P[]): (readonly [P, ...P[]])[] {
  const flagged = properties.filter((one) => one.flagged);
  const names = new Set(flagged.map(({ name }) => name));
  return flagged
    .filter(({ partner }) => partner === null || !names.has(partner))
    .map((one) => [one, ...flagged.filter(({ partner }) => partner === one.name)]);
}
