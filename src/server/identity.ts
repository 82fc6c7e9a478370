import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { EpisodeOfCare } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { Channel } from '../delivery/channel.ts';
import { webFetch } from '../egress/web-fetch.ts';
import { FHIR_PATH } from '../http/app.ts';
import { clientShare } from '../http/client-address.ts';
import { addDemoAccounts } from '../identity/accounts/demo-accounts.ts';
import { type Messenger, messageText } from '../identity/accounts/messenger.ts';
import { createIdentity, type IdentityServer } from '../identity/create-identity.ts';
import { idIn, storedResources } from '../identity/stored.ts';
import { readIdentityProviders } from '../identity/upstream/read-identity-providers.ts';
import type { Log } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { type Settings, SettingsError } from '../runtime/settings.ts';
import { askingAs } from './asking-as.ts';
import { egressOf } from './egress.ts';
import type { FhirServer } from './fhir-server.ts';
import { refuseDemoAccounts } from './production.ts';

export interface ServerIdentityParts {
  readonly settings: Settings;
  readonly log: Log;
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly fhir: FhirServer;
  /** At which clients reach the server, without /fhir/R4. */
  readonly url: string;
  /** What sends codes and first passwords to telephones. */
  readonly telephones: Channel;
}

export interface ServerIdentity extends IdentityServer {
  /** By what limits count a request. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Ends connections to elsewhere. */
  stop(): Promise<void>;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
const JWKS_BYTES_MAX = 64 * 1024;
const JSON_TYPES = ['application/json', 'application/jwk-set+json'];

/** Sign-in as the settings say; the demo gets its known logins, production refuses to start with any. */
export async function serverIdentity(parts: ServerIdentityParts): Promise<ServerIdentity> {
  const { settings, log, pool, secrets, fhir, url, telephones } = parts;
  const { production, timeZone } = settings;
  const providers = readProviders(settings);
  const guarded = egressOf(
    settings,
    providers.map(({ issuer }) => new URL(issuer).origin),
  );
  if (production && !providers.some(({ purpose }) => purpose === 'patient')) {
    log.warn('no identity provider for patients: their links open nothing, where the registry asks for nothing weaker');
  }
  if (production && settings.secondFactor === 'no') {
    log.warn('SVAR_SECOND_FACTOR is no: a password alone opens the records that its owner may see');
  }
  const addressOf = (request: IncomingMessage): string => clientShare(request, settings.trustedProxies);
  const fetchKeys = webFetch(guarded, { accept: JSON_TYPES, bytesMax: JWKS_BYTES_MAX });
  const identity = await createIdentity({
    ...{ pool, secrets, log, addressOf, engine: fhir.engine, ask: askingAs(fhir.handle, url + FHIR_PATH) },
    fetch: (address, { method = 'GET', headers, body }) =>
      fetchKeys(address, { method, headers: new Headers(headers), body }),
    refused: () => fhir.audit.refused(401),
    messenger: messengerOf(telephones),
    settings: {
      ...{ production, baseUrl: url, fhirPath: FHIR_PATH, zone: timeZone },
      secondFactor: settings.secondFactor === 'production' ? production : settings.secondFactor === 'yes',
      sessionTimes: { idle_ms: settings.sessionIdleMinutes * 60_000, longest_ms: settings.sessionHours * 3_600_000 },
      openReferences: settings.openReferences,
      lenientSearch: settings.lenientSearch,
    },
    federation: {
      ...{ providers, guarded, patientApp: settings.patientApp },
      async orderTime() {
        await fhir.clock?.refresh();
        return fhir.engine.clock.now();
      },
    },
  });
  refuseDemoAccounts(settings, await identity.accounts.demoLogins());
  if (!production) {
    await addDemoAccounts(identity.accounts, await demoPatient(fhir));
    if (!LOOPBACK.test(settings.host)) log.warn(`this demo, whose logins everybody knows, listens on ${settings.host}`);
  }
  return { ...identity, addressOf, stop: () => guarded.close() };
}

function readProviders({ identityProviders, production }: Settings) {
  if (identityProviders === undefined) return [];
  try {
    return readIdentityProviders(identityProviders, production);
  } catch (problem) {
    throw new SettingsError(`SVAR_IDENTITY_PROVIDERS ${(problem as Error).message}`);
  }
}

/** What sign-in sends goes by the SMS gateway, where there is one, else into the spool folder. */
function messengerOf(channel: Channel): Messenger {
  return {
    async send(message) {
      const { to: recipient, language } = message;
      const notice = { idempotencyKey: randomUUID(), recipient, language, at: new Date() };
      await channel.send({ ...notice, text: messageText(message) });
    },
  };
}

/** Whom the demo's login `patient` is: the first synthetic patient of Haukeland; undefined where there is none. */
async function demoPatient({ engine }: FhirServer): Promise<string | undefined> {
  const courses = await storedResources(engine).search<EpisodeOfCare>(
    'EpisodeOfCare',
    ['organization', 'Organization/haukeland'],
    ['status', 'active'],
    ['_sort', '_id'],
  );
  const patients = courses.map(({ resource }) => idIn(resource.patient.reference, 'Patient') ?? '');
  const [patient] = patients.filter((id) => id.startsWith('demo-')).sort();
  return patient === undefined ? undefined : `Patient/${patient}`;
}
