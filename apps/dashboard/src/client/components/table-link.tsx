import { tableUrl } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';

/** A table of the run as a file; a static copy only names it. */
export function TableLink({ id, table }: { readonly id: string; readonly table: string }) {
  const name = `tables/${table}.parquet`;
  if (snapshot) return <code>{name}</code>;
  return (
    <a href={tableUrl(id, table)} download>
      {name}
    </a>
  );
}
