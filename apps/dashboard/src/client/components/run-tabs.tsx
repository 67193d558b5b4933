import type { RunKind } from '../../api/responses.ts';
import { hasPart } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { follow, runPath, views } from '../hooks/use-route.ts';
import type { View } from '../hooks/use-route.ts';

interface RunTabsProps {
  readonly id: string;
  readonly view: View;
  readonly kind: RunKind;
  /** Whether it has found something, which the views in between rest on. */
  readonly hasFindings: boolean;
  /** Tables that it has left. */
  readonly tables: readonly string[];
  readonly hasReport: boolean;
  /** Whether a trajectory says what was learned when in it. */
  readonly watched: boolean;
}

/** Views that a static copy has nothing for. */
const live: readonly View[] = ['playground', 'report'];
/** Views of which a copy may have nothing. */
const copied: readonly View[] = ['texts', 'features'];

/** The table that a view shows, where it shows one. */
const tableOf: Readonly<Partial<Record<View, string>>> = {
  replies: 'properties',
  words: 'words',
  texts: 'tokens',
  layers: 'divergence',
  features: 'sae_features',
};

/** Kinds of runs that come to a report. */
const reporting: readonly RunKind[] = ['audit', 'trajectory', 'prediction'];

/** The views of a run; without a report, only how it goes on. */
export function RunTabs({ id, view, kind, hasFindings, hasReport, tables, watched }: RunTabsProps) {
  const has = (one: View): boolean => {
    if (one === 'overview') return true;
    if (one === 'report') return hasReport;
    const table = tableOf[one];
    if (table !== undefined && !tables.includes(table)) return false;
    if (one === 'trajectory') return watched || (hasFindings && kind === 'trajectory');
    return hasFindings && kind !== 'trajectory';
  };
  const isCopied = (one: View): boolean =>
    !live.includes(one) && (!copied.includes(one) || hasPart(id, `/${one}`));
  const shown = views.filter((one) => has(one) && (!snapshot || isCopied(one)));
  return (
    <nav className="tabs" aria-label="Views of this run">
      {shown.map((one) => (
        <a
          key={one}
          href={runPath(id, one)}
          onClick={follow}
          aria-current={one === view ? 'page' : undefined}
        >
          {one[0]?.toUpperCase()}
          {one.slice(1)}
        </a>
      ))}
      {hasReport && !hasFindings && reporting.includes(kind) && kind !== 'prediction' && (
        <span className="off">Its report.json cannot be read, which the other views show</span>
      )}
      {!hasReport && reporting.includes(kind) && (
        <span className="off">The other views come with the first findings</span>
      )}
    </nav>
  );
}
