import type { CSSProperties } from 'react';
import type { Layers } from '../../api/layers.ts';
import { count, spaced } from '../format.ts';
import { TableLink } from './table-link.tsx';
import { Text } from './text.tsx';

type Part = Layers['components'][number];

const columns: readonly (readonly [of: Part['of'], component: string, title: string])[] = [
  ['activations', 'attention', 'Attention puts out'],
  ['activations', 'mlp', 'MLP puts out'],
  ['activations', 'residual', 'Residual stream'],
  ['weights', 'attention', 'Attention’s weights'],
  ['weights', 'mlp', 'MLP’s weights'],
  ['weights', 'norm', 'Norms’ weights'],
];

interface ComponentTableProps {
  readonly id: string;
  readonly components: readonly Part[];
}

/** Divergence by layer and component, each column shaded against its own largest. */
export function ComponentTable({ id, components }: ComponentTableProps) {
  const layers = [...new Set(components.flatMap(({ layer }) => layer ?? []))];
  const shown = columns.flatMap(([of, component, title]) => {
    const parts = components.filter((part) => part.of === of && part.component === component);
    const most = Math.max(...parts.map(({ relativeL2 }) => relativeL2));
    return parts.length > 0 ? [{ title, parts, most }] : [];
  });
  if (layers.length === 0 || shown.length === 0) return null;
  const tokens = components.find(({ of }) => of === 'activations')?.n;
  const outside = components.filter(({ of, layer }) => of === 'weights' && layer === null);
  return (
    <section aria-labelledby="components">
      <h2 id="components">Divergence by layer and component</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label="Divergence by component">
        <table>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              {shown.map(({ title }) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {layers.map((layer) => (
              <tr key={layer}>
                <th scope="row">{layer}</th>
                {shown.map(({ title, parts, most }) => (
                  <Cell key={title} part={parts.find((part) => part.layer === layer)} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small">
        L2 norm of the change over that of the base
        {tokens !== undefined && `; what parts put out, at ${count(tokens)} tokens of the texts`}.
        {outside.length > 0 && ' Outside the layers: '}
        <Text>
          {outside
            .map(({ component, relativeL2 }) => `${spaced(component)} ${share(relativeL2)}`)
            .join(', ')}
        </Text>
        {' · '}
        <TableLink id={id} table="components" />
      </p>
    </section>
  );
}

const share = (relativeL2: number): string => `${(100 * relativeL2).toFixed(2)} %`;

function Cell({ part, most }: { readonly part: Part | undefined; readonly most: number }) {
  if (!part) return <td />;
  const { relativeL2, cosine } = part;
  const style = { '--share': most > 0 ? relativeL2 / most : 0 } as CSSProperties;
  return (
    <td
      className="number shaded"
      style={style}
      {...(cosine !== null && { title: `mean cosine ${cosine.toFixed(4)}` })}
    >
      {share(relativeL2)}
    </td>
  );
}
