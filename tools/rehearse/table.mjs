import { readFileSync, writeFileSync } from 'node:fs';

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1);

/** What each package weighs and how long it takes to install, as Markdown. */
export function formatTable(rows, versions) {
  const heads = versions.map((version) => `Node ${version} (s)`);
  return [
    `| package | packed (MB) | installed alone (MB) | ${heads.join(' | ')} |`,
    `|---|---|---|${versions.map(() => '---|').join('')}`,
    ...rows.map(({ name, packed, installed, seconds }) => {
      const times = versions.map((version) => seconds[version]?.toFixed(1) ?? '');
      return `| \`${name}\` | ${megabytes(packed)} | ${megabytes(installed)} | ${times.join(' | ')} |`;
    }),
  ].join('\n');
}

const [start, end] = ['<!-- rehearsal -->', '<!-- /rehearsal -->'];

/** Puts the table where the document keeps it. */
export function writeTable(table, file) {
  const text = readFileSync(file, 'utf8');
  const [before, rest = ''] = text.split(start);
  const after = rest.slice(rest.indexOf(end));
  writeFileSync(file, `${before}${start}\n\n${table}\n\n${after}`);
}
