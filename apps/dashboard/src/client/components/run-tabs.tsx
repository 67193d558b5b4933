import { snapshot } from '../api/snapshot.ts';
import { follow, runPath, views } from '../hooks/use-route.ts';
import type { View } from '../hooks/use-route.ts';

interface RunTabsProps {
  readonly id: string;
  readonly view: View;
  /** Whether there is the report of an audit, which the views in between rest on. */
  readonly isAudit: boolean;
  readonly hasReport: boolean;
}

/** Views that a static copy has nothing for. */
const live: readonly View[] = ['playground', 'report'];

/** The views of a run; without a report, only how it goes on. */
export function RunTabs({ id, view, isAudit, hasReport }: RunTabsProps) {
  const has = (one: View): boolean =>
    one === 'overview' || (one === 'report' ? hasReport : isAudit);
  const shown = views.filter((one) => has(one) && !(snapshot && live.includes(one)));
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
      {!hasReport && <span className="off">The other views come with the first findings</span>}
    </nav>
  );
}
