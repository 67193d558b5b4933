import { visible } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';

interface FeatureLinkProps {
  readonly id: string;
  readonly site: string;
  readonly index: number;
  readonly tabIndex?: number | undefined;
}

/** A feature's name as a link; where it does not fit, the site is cut and the number stays. */
export const FeatureLink = ({ id, site, index, tabIndex }: FeatureLinkProps) => (
  <a
    className="place"
    href={runPath(id, 'features', site, `${index}`)}
    aria-label={visible(`${site}/${index}`)}
    title={visible(`${site}/${index}`)}
    tabIndex={tabIndex}
    onClick={follow}
  >
    <bdi className="cut">{visible(site)}</bdi>
    <span>/{index}</span>
  </a>
);
