import { readFile } from 'node:fs/promises';
import path from 'node:path';
import express, { type Router } from 'express';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };
import { demoContactRegister } from '../delivery/contact.ts';
import { spoolChannel } from '../delivery/spool.ts';
import { epromRouter } from '../eprom/router.ts';
import { createHttp, FHIR_PATH } from '../http/app.ts';
import { isOfProxy } from '../http/client-address.ts';
import type { Health } from '../http/probes.ts';
import { limited } from '../http/rates.ts';
import { createHttpServer, drain, serverTimeouts, type TlsFiles } from '../http/server.ts';
import { orderLinkOf } from '../identity/create-federation.ts';
import { createLive } from '../live/live.ts';
import { realClock } from '../model/clock.ts';
import { loadProduct } from '../packages/product.ts';
import { type Database, openDatabase } from '../runtime/database.ts';
import { listen } from '../runtime/listen.ts';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { migrate } from '../store/migrate.ts';
import { outboxState } from '../store/outbox.ts';
import { auditMetrics } from './audit-metrics.ts';
import { openChannels } from './channels.ts';
import { loadDemoData } from './demo-data.ts';
import { createFhirServer, type FhirServer, type FhirServerParts } from './fhir-server.ts';
import { serverIdentity } from './identity.ts';
import { loaderOf } from './loader.ts';
import { mayReadMetrics } from './metrics-reader.ts';
import { noticed } from './noticed.ts';
import { openPopulation } from './population.ts';
import { refuseUnfit } from './production.ts';
import { Pulse } from './pulse.ts';
import { serverSecrets } from './server-secrets.ts';
import { testClockRoute } from './test-clock-route.ts';
import { webApps } from './web-apps.ts';

export interface RunningServer {
  /** The address at which clients reach it, without /fhir/R4. */
  readonly url: string;
  readonly fhir: FhirServer;
  stop(): Promise<void>;
}

/** The built web apps: `npm start` builds them (src/web/build.ts). */
const WEB_FOLDER = path.join(import.meta.dirname, '../../dist/web');
/** Requests that are under way get this long to end when the server stops. */
const GRACE_MS = 10_000;
/** How long after their approval new users get their first password. */
const WELCOME_MS = 10_000;

/** Starts everything that a server process consists of; rejects with words for the operator. */
export async function startServer(settings: Settings, log: Log): Promise<RunningServer> {
  refuseUnfit(settings);
  const database = await openDatabase(settings, log);
  const undo: (() => Promise<unknown>)[] = [() => database.stop()];
  try {
    await migrate(database.pool, { log: (message) => log.info(message) });
    // the port is taken before anything else is done, so that a second start on it fails at once
    const late: { listener?: Router } = {};
    const server = createHttpServer(
      (request, response) => {
        if (late.listener === undefined) {
          response.writeHead(503, { 'retry-after': '1' }).end();
        } else {
          (late.listener as unknown as (q: unknown, r: unknown) => void)(request, response);
        }
      },
      serverTimeouts,
      await tlsOf(settings),
    );
    const port = await listen(server, settings.host, settings.port);
    undo.unshift(() => drain(server, GRACE_MS));
    const scheme = settings.tlsCertificate === undefined ? 'http' : 'https';
    const url = settings.baseUrl ?? `${scheme}://localhost:${port}`;
    const secrets = await serverSecrets(settings);
    const spool = spoolChannel(path.join(settings.dataDir, 'spool'));
    const ways = await openChannels(settings, secrets, spool);
    undo.push(() => ways.stop());
    const parts: FhirServerParts = {
      pool: database.pool,
      databaseUrl: database.url,
      connections: settings.databaseConnections,
      fhirBase: url + FHIR_PATH,
      testClock: settings.testClock,
      channels: ways.channels,
      formerChannel: spool,
      orderLink: orderLinkOf(database.pool, url),
      contacts: ways.contacts,
      bots: ways.bots,
      log,
      version: packageJson.version,
      checkpoints: path.join(settings.dataDir, 'audit'),
      secrets,
      timeZone: settings.timeZone,
      production: settings.production,
    };
    const fhir = await createFhirServer(parts);
    undo.splice(1, 0, () => fhir.stop());
    await loadProduct(loaderOf(fhir), (text) => log.warn(text), { production: settings.production });
    if (isDemo(settings)) {
      // nothing of invented people goes where a channel leads
      const spooled = { ...parts, channels: [spool], contacts: demoContactRegister };
      await loadDemoData(spooled, fhir, realClock.now());
    }
    const population = await openPopulation(settings, secrets, fhir.engine, log);
    if (population !== undefined) undo.splice(1, 0, () => population.stop());
    const identity = await serverIdentity({
      settings,
      log,
      pool: database.pool,
      secrets,
      fhir,
      url,
      telephones: ways.telephones,
    });
    const welcome = new Pulse('welcoming new users', WELCOME_MS, () => identity.welcome(), log);
    undo.splice(1, 0, () => welcome.stop());
    undo.push(() => identity.stop());
    const metrics = metricsOf(database, fhir);
    auditMetrics(metrics, fhir.audit);
    const callerOf = noticed(limited(identity.callerOf, identity.addressOf, settings.requestsPerSecond), fhir.audit);
    const live = createLive({
      ...{ db: database.pool, databaseUrl: database.url, handle: fhir.handle, secrets, log },
      ...{ baseUrl: url, fhirPath: FHIR_PATH, clock: realClock },
      async storedNow() {
        await fhir.clock?.refresh();
        return fhir.engine.clock.now();
      },
      identify: identity.identify,
      callerOf: identity.callerOfIdentity,
      standing: identity.standing,
      addressOf: identity.addressOf,
    });
    fhir.watch((types) => live.committed(types));
    undo.unshift(() => live.stop());
    const more = express.Router();
    more.use(live.router);
    more.use(identity.router);
    more.use(webApps({ ...settings, folder: WEB_FOLDER, identity, fhir, secrets, url, log }));
    more.use(
      epromRouter({
        ...{ handle: fhir.handle, fhirBase: url + FHIR_PATH, callerOf, log },
        link: orderLinkOf(database.pool, url),
        now: () => fhir.engine.clock.now(),
      }),
    );
    if (fhir.clock !== undefined) {
      testClockRoute(more, fhir);
    }
    live.serve(server);
    late.listener = createHttp({
      handle: live.handle,
      callerOf,
      mayReadMetrics: (request) =>
        mayReadMetrics(request, identity.callerOf, isOfProxy(request, settings.trustedProxies)),
      health: healthOf(database, fhir),
      metrics,
      settings: {
        baseUrl: url,
        bodyBytesMax: settings.maxBodyBytes,
        corsOrigins: settings.corsOrigins,
        ...(settings.production ? { httpsAlone: settings.trustedProxies } : {}),
      },
      allowsOrigin: identity.authorizationServer.allowsOrigin,
      log,
      more,
    });
    fhir.start();
    await live.start();
    welcome.start();
    population?.start();
    return {
      url,
      fhir,
      async stop() {
        for (const step of undo) {
          await step();
        }
      },
    };
  } catch (problem) {
    for (const step of undo) {
      await step().catch(() => undefined);
    }
    throw problem;
  }
}

/** @throws Error for the operator where one of the two files is missing or cannot be read */
async function tlsOf({ tlsCertificate, tlsKey }: Settings): Promise<TlsFiles | undefined> {
  if (tlsCertificate === undefined && tlsKey === undefined) {
    return undefined;
  }
  if (tlsCertificate === undefined || tlsKey === undefined) {
    throw new Error('To serve https, SVAR_TLS_CERTIFICATE and SVAR_TLS_KEY are both needed.');
  }
  const read = (file: string) =>
    readFile(file, 'utf8').catch((problem: Error) => {
      throw new Error(`The file ${file} for https cannot be read: ${problem.message}`);
    });
  return { certificate: await read(tlsCertificate), key: await read(tlsKey) };
}

/** Demo data is for a server that was started without a database, clock or data of somebody's own. */
function isDemo({ demoData, databaseUrl, testClock, production }: Settings): boolean {
  return demoData && !production && databaseUrl === undefined && testClock === undefined;
}

function healthOf(database: Database, fhir: FhirServer): Health {
  const outbox = () => outboxState(database.pool, fhir.engine.clock.now().getTime());
  return {
    async live() {
      const state = await outbox();
      return { ok: true, details: { outbox: state } };
    },
    async ready() {
      await database.pool.query('select 1');
      return { ok: true, details: {} };
    },
  };
}

function metricsOf(database: Database, fhir: FhirServer): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const state = () => outboxState(database.pool, fhir.engine.clock.now().getTime());
  new Gauge({
    name: 'svar_outbox_events',
    help: 'events of the outbox: due and not done, due later, parked because their bot failed too often',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { depth, later, parked } = await state();
      this.set({ state: 'due' }, depth);
      this.set({ state: 'later' }, later);
      this.set({ state: 'parked' }, parked);
    },
  });
  new Gauge({
    name: 'svar_outbox_lag_seconds',
    help: 'how long the oldest due event has waited',
    registers: [registry],
    async collect() {
      this.set((await state()).lagMs / 1000);
    },
  });
  return registry;
}
