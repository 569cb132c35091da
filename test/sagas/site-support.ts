/** One site of the ERP: the stand-in behaves by its profile, and our configuration says the same of it. */
import { startRig, type Rig } from '../support/rig.js';
import { configWith } from './support.js';

export const SKU = 'WOM|00123|NVY|||08';

export interface Site {
  valuationMethod: 'standard' | 'average' | 'original';
  creditMemoRestocks?: boolean;
  journalReadable?: boolean;
  lookupBounded?: boolean;
}

/** Starts an installation at such a site. */
export async function openSite({ lookupBounded = true, ...profile }: Site): Promise<Rig> {
  const says = { creditMemoRestocks: false, journalReadable: true, ...profile, lookupBounded };
  const sitesConfig = configWith({
    'blue-cherry.yaml': (text) =>
      `${Object.entries(says).reduce((all, [key, value]) => all.replace(new RegExp(`^  ${key}: .*$`, 'm'), `  ${key}: ${String(value)}`), text)}# this site\n`,
  });
  return startRig({
    reset: { scenario: 'trading-day', returns: 0, seed: 21, misbehave: 0, profile },
    env: { SELVEDGE_CONFIG: sitesConfig },
  });
}
