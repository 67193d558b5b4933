import { visible } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';

interface FeatureLinkProps {
  readonly id: string;
  readonly site: string;
  readonly index: number;
  readonly tabIndex?: number | undefined;
}

/** A feature's name as a link; where it does not fit, the site is cut and the number stays. */
export function FeatureLink({ id, site, index, tabIndex }: FeatureLinkProps) {
  const shown = visible(site); // Once: lists draw thousands.
  const name = `${shown}/${index}`;
  return (
    <a
      className="place"
      href={runPath(id, 'features', site, `${index}`)}
      aria-label={name}
      title={name}
      tabIndex={tabIndex}
      onClick={follow}
    >
      <bdi className="cut">{shown}</bdi>
      <span>/{index}</span>
    </a>
  );
}
