import { createHash } from 'node:crypto';
import type { ClientFile } from '../http/client-files.ts';
import type { Snapshot } from './snapshot-of.ts';

/** The page with its script, its styles and its data in one file, which may load nothing else. */
export function exportPage(files: ReadonlyMap<string, ClientFile>, snapshot: Snapshot): string {
  const script = contentOf(files, '.js').replaceAll('</script', '<\\/script');
  const styles = contentOf(files, '.css').replaceAll('</style', '<\\/style');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Feedprint</title>
<style>${styles}</style>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="snapshot">${embedded(snapshot)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** JSON in which no character ends the element that it stands in. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** The page's one file of a kind; the worker's script has its own name. */
function contentOf(files: ReadonlyMap<string, ClientFile>, ending: string): string {
  const parts = [...files].filter(
    ([name]) => name.startsWith('/assets/index-') && name.endsWith(ending),
  );
  return parts.map(([, { content }]) => new TextDecoder().decode(content)).join('\n');
}
