import { featureSorts } from '../../api/features.ts';
import type { FeatureList, FeatureRow } from '../../api/features.ts';
import { featuresUrl, fetchFeatures } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { Choice, Search } from '../components/fields.tsx';
import { FeatureLink } from '../components/feature-link.tsx';
import { Resource } from '../components/resource.tsx';
import { Text } from '../components/text.tsx';
import { VirtualRows } from '../components/virtual-rows.tsx';
import { count, significant } from '../format.ts';
import { changeQuery } from '../hooks/use-route.ts';
import { PAGE, usePages } from '../hooks/use-pages.ts';

interface FeaturesPageProps {
  readonly id: string;
  readonly edition: string;
  readonly query: URLSearchParams;
}

const asked = ['search', 'token', 'site', 'minDensity', 'maxDensity', 'labelled', 'sort', 'order'];

/** The tuned model's features: searched by label, word, site and density, sorted by what they carry. */
export function FeaturesPage({ id, edition, query }: FeaturesPageProps) {
  const wanted = new URLSearchParams(
    asked.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])),
  );
  const { first: features, rows } = usePages(`${id} ${edition} ${wanted}`, {
    load: (offset, signal) => fetchFeatures(id, pageOf(wanted, offset))(signal),
    rowsOf: (page: FeatureList) => page.features,
  });
  const sites = features.kind === 'ready' ? features.value.sites : [];
  const field = (name: string) => ({
    value: query.get(name) ?? '',
    onChange: (value: string) => changeQuery({ [name]: value }),
  });
  return (
    <>
      {!snapshot && (
        <div className="filters">
          <Search label="Label or number" {...field('search')} />
          <Search label="Word it moves" {...field('token')} />
          <Choice label="Site" none="all sites" choices={sites} {...field('site')} />
          <Choice label="Show" none="all" choices={['labelled']} {...field('labelled')} />
          <Search label="Density from" kind="number" {...field('minDensity')} />
          <Search label="to" kind="number" {...field('maxDensity')} />
          <Choice label="Sort" none="carries" choices={featureSorts.slice(1)} {...field('sort')} />
          <Choice label="Order" none="largest first" choices={['up']} {...field('order')} />
        </div>
      )}
      <Resource of={features} what="features">
        {({ total }) => (
          <>
            <p className="soft small links">
              <span role="status">{count(total)} features</span>
              {!snapshot &&
                ['csv', 'json'].map((format) => (
                  <a
                    key={format}
                    href={featuresUrl(id, new URLSearchParams([...wanted, ['format', format]]))}
                    download
                  >
                    {format.toUpperCase()}
                  </a>
                ))}
            </p>
            <VirtualRows label="Features" rows={rows} height={32} head={<Head />}>
              {(row, tabIndex) => <Row id={id} row={row} tabIndex={tabIndex} />}
            </VirtualRows>
          </>
        )}
      </Resource>
    </>
  );
}

const pageOf = (wanted: URLSearchParams, offset: number): URLSearchParams =>
  new URLSearchParams([...wanted, ['limit', `${PAGE}`], ['offset', `${offset}`]]);

const Head = () => (
  <span className="row-cells feature-cells">
    <span>Feature</span>
    <span>Label</span>
    <span className="number">Carries</span>
    <span
      className="number wide"
      title="Weight in the paper’s probe: change of the predicted distance to the neutral text per standard deviation of the feature"
    >
      Probe
    </span>
    <span className="number wide">Density</span>
    <span className="number wide">In base</span>
    <span className="number wide">In large</span>
  </span>
);

function Row({
  id,
  row,
  tabIndex,
}: {
  readonly id: string;
  readonly row: FeatureRow;
  readonly tabIndex: number;
}) {
  return (
    <span className="row-cells feature-cells">
      <FeatureLink id={id} site={row.site} index={row.index} tabIndex={tabIndex} />
      <span className="cut">
        {row.label === null ? <span className="soft">–</span> : <Text>{row.label}</Text>}
      </span>
      <span className="number">{written(row.carries)}</span>
      <span className="number wide">{written(row.probe)}</span>
      <span className="number wide">{significant(row.density)}</span>
      <span className="number wide">{written(row.base)}</span>
      <span className="number wide">{written(row.large)}</span>
    </span>
  );
}

const written = (value: number | null): string => (value === null ? '–' : significant(value));
