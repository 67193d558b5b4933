import type { Layers } from '../../api/layers.ts';
import { fetchLayers } from '../api/client.ts';
import { BarRows } from '../components/bar-rows.tsx';
import { ComponentTable } from '../components/component-table.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { Text } from '../components/text.tsx';
import { count, percent, significant } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

/** Where the change sits, layer by layer and part by part, and how well the dictionaries do there. */
export function LayersPage({ id, edition }: { readonly id: string; readonly edition: string }) {
  const layers = useResource(`${id} ${edition}`, fetchLayers(id));
  return (
    <Resource of={layers} what="layers">
      {(found) => (
        <>
          <section aria-labelledby="moved">
            <h2 id="moved">How far tuning moved each layer</h2>
            <BarRows
              label="Divergence by layer"
              rows={found.divergence.map(({ layer, relativeL2, kept }) => ({
                name: `layer ${layer}${kept ? ', examined' : ''}`,
                share: relativeL2 / Math.max(...found.divergence.map((one) => one.relativeL2)),
                value: significant(relativeL2),
                strong: kept,
              }))}
            />
            <p className="soft small">
              L2 norm of the change over that of the base’s parameters ·{' '}
              <TableLink id={id} table="divergence" />
            </p>
          </section>
          <ComponentTable id={id} components={found.components} />
          <Sites sites={found.sites} />
          <Places places={found.places} />
          <Dictionaries id={id} layers={found} />
        </>
      )}
    </Resource>
  );
}

/** What the change of the parameters does to what flows through them. */
function Sites({ sites }: Pick<Layers, 'sites'>) {
  if (sites.length === 0) return null;
  return (
    <section aria-labelledby="sites">
      <h2 id="sites">How far activations moved at each site</h2>
      <BarRows
        label="Change of activations by site"
        rows={sites.map(({ site, relativeL2 }) => ({
          name: site,
          share: relativeL2 / Math.max(...sites.map((one) => one.relativeL2)),
          value: significant(relativeL2),
        }))}
      />
      <p className="soft small">Mean norm of the difference over that of the base’s activations.</p>
    </section>
  );
}

function Places({ places }: Pick<Layers, 'places'>) {
  if (places.length === 0) return null;
  return (
    <section aria-labelledby="places">
      <h2 id="places">In which parts the learned effect sits</h2>
      <BarRows
        label="Share of the effect by part"
        rows={places.map(({ name, share }) => ({
          name,
          share: share ?? 0,
          value: share === null ? '–' : percent(share),
        }))}
      />
      <p className="soft small">Share that is undone by giving the tuned model the base’s part.</p>
    </section>
  );
}

function Dictionaries({
  id,
  layers: { saes, matching },
}: {
  readonly id: string;
  readonly layers: Layers;
}) {
  if (saes.length === 0) return <p className="soft">There are no dictionaries yet.</p>;
  return (
    <section aria-labelledby="saes">
      <h2 id="saes">Dictionaries at each site</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label="Dictionaries">
        <table>
          <thead>
            <tr>
              <th scope="col">Site</th>
              <th scope="col">Model</th>
              <th scope="col" className="number">
                Features
              </th>
              <th scope="col" className="number">
                Variance kept
              </th>
              <th scope="col" className="number">
                L0
              </th>
              <th scope="col" className="number">
                Alive
              </th>
            </tr>
          </thead>
          <tbody>
            {saes.map(({ site, model, dSae, fvu, l0, alive }) => (
              <tr key={`${site} ${model} ${dSae}`}>
                <th scope="row">
                  <a
                    href={`${runPath(id, 'features')}?${new URLSearchParams({ site })}`}
                    onClick={follow}
                  >
                    <Text>{site}</Text>
                  </a>
                </th>
                <td>{model}</td>
                <td className="number">{count(dSae)}</td>
                <td className="number">{(100 * (1 - fvu)).toFixed(1)} %</td>
                <td className="number">{significant(l0)}</td>
                <td className="number">{(100 * alive).toFixed(0)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>How alike they are</h3>
      <BarRows
        label="Mean max cosine similarity"
        rows={matching.flatMap(({ site, baseTuned, smallLarge, chance }) => [
          {
            name: `${site}: base and tuned`,
            share: baseTuned,
            value: significant(baseTuned),
            control: chance.baseTuned,
          },
          {
            name: `${site}: small and large`,
            share: smallLarge,
            value: significant(smallLarge),
            control: chance.smallLarge,
          },
        ])}
      />
      <p className="soft small">Mean max cosine similarity; the tick is what chance gives.</p>
    </section>
  );
}
