import type { Feature } from '../../api/features.ts';
import { fetchFeature, hasFeature, hasPart } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { AskFeature } from '../components/ask-feature.tsx';
import { FeatureEvidence } from '../components/feature-evidence.tsx';
import { HeatText } from '../components/heat-text.tsx';
import { Histogram } from '../components/histogram.tsx';
import { Message } from '../components/message.tsx';
import { NearFeatures } from '../components/near-features.tsx';
import { Resource } from '../components/resource.tsx';
import { Text } from '../components/text.tsx';
import { TokenEffects } from '../components/token-effects.tsx';
import { count, significant } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

interface FeaturePageProps {
  readonly id: string;
  readonly site: string;
  readonly index: number;
}

/** One feature: how often and how strongly it is active, where, what it does to the next token, what it is called and why. */
export function FeaturePage({ id, site, index }: FeaturePageProps) {
  const feature = useResource(`${id} ${site} ${index}`, fetchFeature(id, site, index));
  return (
    <>
      <p className="small links">
        <a href={runPath(id, 'features')} onClick={follow}>
          All features
        </a>
        {feature.kind === 'ready' && <Neighbours id={id} feature={feature.value} />}
      </p>
      <h2>
        <Text>{`${site}/${index}`}</Text>
      </h2>
      <Resource of={feature} what="the feature">
        {(found) => (
          <>
            <p className="label">
              {found.label === null ? (
                <span className="soft">
                  It has no label: the audit labels the features that carry most.
                </span>
              ) : (
                <Text>{found.label}</Text>
              )}
            </p>
            <Facts feature={found} />
            <Missing parts={found.missing} />
            {!snapshot && (
              <p className="small links">
                <a
                  href={`${runPath(id, 'playground')}?${new URLSearchParams({ off: `${site}/${index}` })}`}
                  onClick={follow}
                >
                  Switch it off in the playground
                </a>
              </p>
            )}
            <div className="columns">
              <div>
                {found.histogram && <Histogram {...found.histogram} rows={found.rows} />}
                <TokenEffects tokens={found.tokens} words={found.words} />
                <NearFeatures id={id} feature={found} />
              </div>
              <Examples id={id} feature={found} />
            </div>
            <FeatureEvidence evidence={found.evidence} score={found.labelScore} />
            {!snapshot && <AskFeature key={`${site}/${index}`} id={id} feature={found} />}
          </>
        )}
      </Resource>
    </>
  );
}

/** The features before and after it in its dictionary. */
function Neighbours({
  id,
  feature: { site, index, of },
}: {
  readonly id: string;
  readonly feature: Feature;
}) {
  const link = (other: number, name: string) =>
    other >= 0 &&
    other < of &&
    hasFeature(id, site, other) && (
      <a href={runPath(id, 'features', site, `${other}`)} onClick={follow}>
        {name}
      </a>
    );
  return (
    <>
      {link(index - 1, 'Previous')}
      {link(index + 1, 'Next')}
    </>
  );
}

function Facts({ feature }: { readonly feature: Feature }) {
  const facts: readonly (readonly [string, string])[] = [
    ['active on', `${(100 * feature.density).toFixed(2)} % of tokens`],
    ['carries', written(feature.carries, ' nats')],
    ['weight in the probe', written(feature.probe)],
    ['alone switched off', written(feature.ablationEffect, ' feedback')],
    ['most alike in the base', written(feature.base)],
    ['most alike in the large one', written(feature.large)],
    [
      'on words with feedback',
      feature.onFeedback === null ? '–' : `${(100 * feature.onFeedback).toFixed(0)} %`,
    ],
    ['label’s score', written(feature.labelScore)],
    ['about the feedback', feature.related === null ? '–' : feature.related ? 'yes' : 'no'],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the run no longer gives, and why. */
function Missing({ parts }: { readonly parts: Feature['missing'] }) {
  if (parts.length === 0) return null;
  return (
    <Message title="Not all of it can be shown">
      <ul>
        {parts.map(({ what, why }) => (
          <li key={what}>
            {what}: <Text>{why}</Text>
          </li>
        ))}
      </ul>
    </Message>
  );
}

const quantiles = [
  'Strongest quarter',
  'Second quarter',
  'Third quarter',
  'Weakest quarter',
] as const;

function Examples({ id, feature }: { readonly id: string; readonly feature: Feature }) {
  const { examples, histogram, without } = feature;
  const most = histogram?.most ?? Math.max(0, ...examples.map(({ activation }) => activation));
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Where it is active</h2>
      {without !== null && <p className="soft">{without}</p>}
      {quantiles.map((name, quantile) => {
        const own = examples.filter((one) => one.quantile === quantile);
        if (own.length === 0) return null;
        return (
          <div key={name}>
            <h3>{name}</h3>
            <ul className="examples">
              {own.map((example, i) => (
                <li key={i}>
                  <span className="number small">
                    {example.text === null || !hasPart(id, `/texts/${example.text}`) ? (
                      significant(example.activation)
                    ) : (
                      <a
                        href={runPath(id, 'texts', `${example.text}`)}
                        title={`text ${example.text}`}
                        onClick={follow}
                      >
                        {significant(example.activation)}
                      </a>
                    )}
                  </span>
                  <HeatText
                    tokens={example.tokens}
                    values={example.activations}
                    most={most}
                    titleOf={(t) => titleOf(example.activations[t] ?? null)}
                  />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      {examples.length > 0 && (
        <p className="soft small">{count(examples.length)} examples, one a text.</p>
      )}
    </section>
  );
}

const titleOf = (activation: number | null): string =>
  activation === null ? 'not captured' : `activation ${significant(activation)}`;

const written = (value: number | null, unit = ''): string =>
  value === null ? '–' : `${significant(value)}${unit}`;
