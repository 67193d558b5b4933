import type { Statement } from '../../chapter.ts';
import { plainPercent } from '../../plain.ts';
import type { Report } from './schema.ts';

export function limits({ location }: Report): readonly Statement[] {
  const share = location.sites?.restored.slope.value;
  const { sites = [] } = location.sites ?? {};
  return [
    {
      importance: 65,
      text:
        share === null || share === undefined
          ? ''
          : `Features are looked for at ${sites.length === 1 ? 'a site' : 'sites'} through which ${plainPercent(share)} of the shift along the feedback goes; what is elsewhere, they cannot show.`,
    },
    {
      importance: 15,
      text:
        location.state === 'located'
          ? 'Where the shift sits was found by exchanging parameters; parts work together, so the shares need not add up.'
          : '',
    },
  ];
}
