/** How people reach the desk page and sign in there. */
import { z } from 'zod';
import { shown, type Fault } from './faults.js';
import type { Config } from './types.js';

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;
/** Cookies and sign-in codes are never sent in clear over a network. */
const PublicUrl = z.url({ protocol: /^https?$/ }).refine((url) => url.startsWith('https:') || LOOPBACK.test(url), {
  error: 'an address with https is allowed, as https://desk.example.com, or http on this machine',
});

/** How people sign in at the desk page. */
export const DeskPage = z
  .strictObject({
    publicUrl: PublicUrl,
    keys: z.boolean(),
    oidc: z
      .strictObject({
        name: z.string().min(1).max(60),
        issuer: PublicUrl,
        clientId: z.string().min(1).max(200),
        personBy: z.enum(['mail', 'id']),
      })
      .optional(),
  })
  .refine(({ keys, oidc }) => keys || oidc !== undefined, {
    error: 'keys: true, or an identity provider under oidc: without either nobody can sign in',
  });

/** The page as configured, with what the environment says of it: SELVEDGE_DESK_URL and SELVEDGE_OIDC_CLIENT_SECRET. */
export function deskPage(
  { publicUrl, keys, oidc }: z.output<typeof DeskPage>,
  env: NodeJS.ProcessEnv,
  faults: Fault[],
): Config['desk'] {
  const url = env['SELVEDGE_DESK_URL'] ?? publicUrl;
  const read = PublicUrl.safeParse(url);
  if (!read.success) {
    const allowed = read.error.issues[0]?.message ?? 'an address is allowed';
    faults.push({ where: 'environment', key: 'SELVEDGE_DESK_URL', found: shown(url), allowed });
  }
  const page = { publicUrl: url.replace(/\/+$/, ''), keys };
  if (oidc === undefined) return page;
  const clientSecret = env['SELVEDGE_OIDC_CLIENT_SECRET'] ?? '';
  if (clientSecret === '')
    faults.push({
      where: 'environment',
      key: 'SELVEDGE_OIDC_CLIENT_SECRET',
      found: 'nothing',
      allowed: 'it must be set where config/desk.yaml names an identity provider',
    });
  return { ...page, oidc: { ...oidc, clientSecret } };
}
