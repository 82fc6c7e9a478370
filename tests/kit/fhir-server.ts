import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pino from 'pino';
import { Registry } from 'prom-client';
import type { Bot } from '../../src/bots/bot.ts';
import type { Channel, Notice } from '../../src/delivery/channel.ts';
import { type ContactRegister, demoContactRegister } from '../../src/delivery/contact.ts';
import { guardedFetch } from '../../src/egress/guarded-fetch.ts';
import { readEgressPolicy, withOrigins } from '../../src/egress/policy.ts';
import { epromRouter } from '../../src/eprom/router.ts';
import { createHttp, FHIR_PATH } from '../../src/http/app.ts';
import { createHttpServer, drain } from '../../src/http/server.ts';
import { addDemoAccounts, DEMO_ACCOUNTS } from '../../src/identity/accounts/demo-accounts.ts';
import type { Message } from '../../src/identity/accounts/messenger.ts';
import { orderLinkOf } from '../../src/identity/create-federation.ts';
import { createIdentity, type IdentityServer } from '../../src/identity/create-identity.ts';
import type { IdentityProvider } from '../../src/identity/upstream/identity-provider.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import { type Caller, systemCaller } from '../../src/model/caller.ts';
import { realClock } from '../../src/model/clock.ts';
import { loadProduct } from '../../src/packages/product.ts';
import { createLog } from '../../src/runtime/log.ts';
import { type Secrets, secretsOf } from '../../src/runtime/secrets.ts';
import { askingAs } from '../../src/server/asking-as.ts';
import { createFhirServer, type FhirServer } from '../../src/server/fhir-server.ts';
import { loaderOf } from '../../src/server/loader.ts';
import { noticed } from '../../src/server/noticed.ts';
import { testClockRoute } from '../../src/server/test-clock-route.ts';
import { webApps } from '../../src/server/web-apps.ts';
import { buildWebApps, WEB_OUT } from '../../src/web/build.ts';
import { type Contents, type TestDatabase, testDatabase } from './database.ts';

export interface TestServer {
  /** Without /fhir/R4. */
  readonly url: string;
  readonly base: string;
  readonly fhir: FhirServer;
  readonly database: TestDatabase;
  /** Present where people and systems have to sign in. */
  readonly identity?: IdentityServer;
  /** What sign-in sent to telephones, in order. */
  readonly messages: readonly Message[];
  /** What the channel carried, in order. */
  readonly sent: readonly Notice[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly testClock?: string;
  readonly packages?: boolean;
  readonly caller?: Partial<Caller>;
  readonly bots?: readonly Bot[];
  /** A database that another server of the test made; it is not dropped with this one. */
  readonly database?: TestDatabase;
  readonly production?: boolean;
  readonly timeZone?: string;
  /** Whether the outbox is worked on in the background. */
  readonly background?: boolean;
  /** Where the lines of the log go; nowhere where not given. */
  readonly log?: pino.DestinationStream;
  readonly bodyBytesMax?: number;
  /** The server's own; testSecrets where not given. */
  readonly secrets?: Secrets;
  /**
   * true: callers have to sign in, as in the demo (tests/kit/sign-in.ts): accounts lu, lc, lu2, sc and patient
   * (`Patient/demo-patient`, born here), clients demo-ehr and demo-admin. Else all callers may do everything.
   */
  readonly identity?: boolean;
  /** Whether accounts that are not the demo's need a second factor; no where not given. */
  readonly secondFactor?: boolean;
  /** With `identity`: providers to sign in at. @param url at which browsers reach the server */
  readonly identityProviders?: (url: string) => Promise<readonly IdentityProvider[]>;
  readonly patientApp?: string;
  /** With `identity`: whether it takes orders and callbacks in the shape of the joint ePROM service. */
  readonly eprom?: boolean;
  /** With `identity`: whether it serves the web apps, which are built where they have changed; see browser.ts. */
  readonly apps?: boolean;
  /** In place of the channel that keeps what it is given (`sent`). */
  readonly channels?: readonly Channel[];
  /** The demo's where not given: Patient.telecom. */
  readonly contacts?: ContactRegister;
}

/** The same for all servers of a test: they may share a database. */
export const testSecret = createHash('sha256').update('the secret of servers in tests').digest();
export const testSecrets = secretsOf(testSecret);

/**
 * A whole server over HTTP, on a database of its own, with a channel that keeps what it is given. It finds the product in
 * its database, as when a server starts again, unless it is to load it in a way of its own.
 */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const loads = options.packages !== false && !hasUsualProduct(options);
  const database =
    options.database ??
    (await testDatabase(options.packages === false || loads ? undefined : product(options.testClock)));
  const sent: Notice[] = [];
  const seen = new Set<string>();
  const channel: Channel = {
    name: 'spool',
    medium: 'secure',
    reach: ({ patient }) => ({ address: patient }),
    async send(notice) {
      if (!seen.has(notice.idempotencyKey)) {
        seen.add(notice.idempotencyKey);
        sent.push(notice);
      }
      return undefined;
    },
  };
  const late: { app?: express.Express } = {};
  const server = createHttpServer((request, response) => late.app?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = options.log === undefined ? pino({ level: 'silent' }) : createLog('trace', options.log);
  const fhir = await createFhirServer({
    pool: database.pool,
    databaseUrl: database.url,
    fhirBase: url + FHIR_PATH,
    testClock: options.testClock === undefined ? undefined : new Date(options.testClock),
    channels: options.channels ?? [channel],
    contacts: options.contacts ?? demoContactRegister,
    orderLink: orderLinkOf(database.pool, url),
    log,
    version: '0.0.0-test',
    secrets: options.secrets ?? testSecrets,
    timeZone: options.timeZone ?? 'Europe/Oslo',
    production: options.production,
    bots: options.bots,
  });
  if (loads) {
    await loadProduct(loaderOf(fhir), (text) => log.warn(text));
  }
  const more = express.Router();
  testClockRoute(more, fhir);
  const messages: Message[] = [];
  const identity =
    options.identity === true ? await identityOf(fhir, database, url, messages, options, log) : undefined;
  if (identity !== undefined) more.use(identity.router);
  const live = identity && liveOf(fhir, identity, database, url, log);
  if (live !== undefined) {
    more.use(live.router);
    live.serve(server);
    await live.start();
  }
  if (identity !== undefined && options.apps === true) {
    await buildWebApps();
    const { secrets = testSecrets, timeZone = 'Europe/Oslo', production = false } = options;
    more.use(webApps({ folder: WEB_OUT, identity, fhir, url, timeZone, secrets, production, log }));
  }
  if (identity !== undefined && options.eprom === true) {
    more.use(
      epromRouter({
        handle: fhir.handle,
        fhirBase: url + FHIR_PATH,
        callerOf: identity.callerOf,
        link: orderLinkOf(database.pool, url),
        now: () => fhir.engine.clock.now(),
        log,
      }),
    );
  }
  late.app = createHttp({
    handle: live?.handle ?? fhir.handle,
    callerOf: noticed(
      identity?.callerOf ?? (() => ({ name: 'test', kind: 'client', access: 'all', ...options.caller })),
      fhir.audit,
    ),
    health: { live: async () => ({ ok: true, details: {} }), ready: async () => ({ ok: true, details: {} }) },
    metrics: new Registry(),
    settings: { baseUrl: url, bodyBytesMax: options.bodyBytesMax },
    allowsOrigin: identity?.authorizationServer.allowsOrigin,
    log,
    more,
  });
  if (options.background !== false) {
    fhir.start();
  }
  return {
    url,
    base: url + FHIR_PATH,
    fhir,
    database,
    ...(identity === undefined ? {} : { identity }),
    messages,
    sent,
    async close() {
      await live?.stop();
      await drain(server, 1000);
      await fhir.stop();
      if (options.database === undefined) {
        await database.close();
      }
    },
  };
}

/** Whether the product that a server loads does not depend on its options, but for its clock. */
function hasUsualProduct(options: TestServerOptions): boolean {
  const { database, bots, production, timeZone, secrets, log } = options;
  return [database, bots, production, timeZone, secrets, log].every((own) => own === undefined);
}

/** What a server has loaded that started at an instant of the test clock, or lately; its address is not in it. */
function product(testClock: string | undefined): Contents {
  const start = testClock === undefined ? undefined : new Date(testClock);
  return {
    name: `the product, loaded ${start?.toISOString() ?? 'now'}`,
    async fill({ pool, url }) {
      const fhir = await createFhirServer({
        pool,
        databaseUrl: url,
        fhirBase: `http://127.0.0.1${FHIR_PATH}`,
        testClock: start,
        channels: [],
        contacts: demoContactRegister,
        log: pino({ level: 'silent' }),
        version: '0.0.0-test',
        secrets: testSecrets,
        timeZone: 'Europe/Oslo',
      });
      await loadProduct(loaderOf(fhir), (text) => {
        throw new Error(text);
      }).finally(() => fhir.stop());
    },
  };
}

function liveOf(
  fhir: FhirServer,
  identity: IdentityServer,
  database: TestDatabase,
  url: string,
  log: pino.Logger,
): Live {
  const live = createLive({
    ...{ db: database.pool, databaseUrl: database.url, handle: fhir.handle, secrets: testSecrets, log },
    ...{ baseUrl: url, fhirPath: FHIR_PATH, clock: realClock },
    async storedNow() {
      await fhir.clock?.refresh();
      return fhir.engine.clock.now();
    },
    identify: identity.identify,
    callerOf: identity.callerOfIdentity,
    standing: identity.standing,
    addressOf: ({ socket }) => socket.remoteAddress ?? '',
  });
  fhir.watch((types) => live.committed(types));
  return live;
}

/** Hashes that cost next to nothing: tests sign in often. */
export const cheapHashes = { memoryKiB: 64, passes: 2, lanes: 1 };

async function identityOf(
  fhir: FhirServer,
  database: TestDatabase,
  url: string,
  messages: Message[],
  options: TestServerOptions,
  log: pino.Logger,
): Promise<IdentityServer> {
  const providers = (await options.identityProviders?.(url)) ?? [];
  const origins = providers.map(({ issuer }) => new URL(issuer).origin);
  const identity = await createIdentity({
    pool: database.pool,
    secrets: testSecrets,
    engine: fhir.engine,
    messenger: {
      async send(message) {
        messages.push(message);
      },
    },
    ask: askingAs(fhir.handle, url + FHIR_PATH),
    fetch: async () => {
      throw new Error('nothing is fetched in this test');
    },
    settings: {
      baseUrl: url,
      fhirPath: FHIR_PATH,
      production: options.production === true,
      secondFactor: options.secondFactor === true,
      sessionTimes: { idle_ms: 30 * 60_000, longest_ms: 12 * 3_600_000 },
      hashCost: cheapHashes,
      zone: 'Europe/Oslo',
      openReferences: false,
      lenientSearch: false,
    },
    addressOf: (request) => request.socket.remoteAddress ?? '',
    refused: () => fhir.audit.refused(401),
    log: {
      warn: (text) => {
        throw new Error(text);
      },
      info: (details, text) => log.info(details, text),
      error: (details, text) => log.error(details, text),
    },
    federation: {
      providers,
      guarded: guardedFetch(withOrigins(readEgressPolicy(''), origins)),
      patientApp: options.patientApp,
      orderTime: async () => {
        await fhir.clock?.refresh();
        return fhir.engine.clock.now();
      },
    },
  });
  if (options.production !== true) {
    const [, patient = ''] = DEMO_ACCOUNTS.patient?.split('/') ?? [];
    const born = JSON.stringify({
      resourceType: 'Patient',
      id: patient,
      active: true,
      name: [{ text: 'Demo Pasient' }],
    });
    if (options.packages !== false) {
      await fhir.handle(systemCaller, {
        method: 'PUT',
        path: `/Patient/${patient}`,
        headers: { 'content-type': 'application/fhir+json' },
        body: Buffer.from(born),
        baseUrl: url + FHIR_PATH,
      });
    }
    await addDemoAccounts(identity.accounts);
  }
  return identity;
}
