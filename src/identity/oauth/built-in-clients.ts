import { secretHashOf } from './client-store.ts';
import type { ClientRegistration } from './clients.ts';

/** Svar's own pages, and MedplumClient where it names no client. */
export const OWN_CLIENT = 'svar';

const own: ClientRegistration = {
  id: OWN_CLIENT,
  name: 'Svar',
  kind: 'app',
  scopes: ['*'],
  openReferences: false,
  lenientSearch: false,
  redirectUris: [],
  preapproved: true,
  corsOrigins: [],
};

const demoSystem = {
  kind: 'system',
  scopes: ['*'],
  openReferences: true,
  lenientSearch: true,
  redirectUris: [],
  preapproved: true,
  corsOrigins: [],
  secretHash: secretHashOf('demo'),
} as const;

/** The demo's: known secrets, so never where real patients are. They are in no database that could become production. */
const DEMO: readonly ClientRegistration[] = [
  { ...demoSystem, id: 'demo-ehr', name: 'Demo EHR', policy: 'ehr', organization: 'Organization/haukeland' },
  { ...demoSystem, id: 'demo-admin', name: 'Demo administrator', policy: 'admin' },
];

/** @param baseUrl of the server: where its own pages come back to */
export function builtInClients({
  demo,
  baseUrl,
}: {
  readonly demo: boolean;
  readonly baseUrl: string;
}): readonly ClientRegistration[] {
  const here = { ...own, redirectUris: [`${baseUrl}/`] };
  return demo ? [here, ...DEMO] : [here];
}

/** Ids that no operator may register. */
export const RESERVED_CLIENT_IDS: readonly string[] = [own, ...DEMO].map(({ id }) => id);
