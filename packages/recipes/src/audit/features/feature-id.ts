/** One feature of the tuned model's small SAE at a site. */
export interface SiteFeature {
  readonly site: string;
  readonly feature: number;
}

export const featureId = ({ site, feature }: SiteFeature): string => `${site}/${feature}`;
