import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import path from 'node:path';
import type pg from 'pg';
import { isAboutPatients } from '../access/policy.ts';
import { Audit } from '../audit/audit.ts';
import { forgetPatient } from '../audit/patient-keys.ts';
import { advance } from '../bots/advance.ts';
import type { Bot } from '../bots/bot.ts';
import { botCaller } from '../bots/call.ts';
import { CronRuns } from '../bots/cron-runs.ts';
import { loadBots } from '../bots/load-bots.ts';
import { parkedWorkOperations } from '../bots/parked-work.ts';
import { ATTEMPTS_MAX, Runner } from '../bots/runner.ts';
import { validateResource } from '../conformance/validate-resource.ts';
import { courseOperations } from '../courses/operations.ts';
import type { Channel } from '../delivery/channel.ts';
import type { ContactRegister } from '../delivery/contact.ts';
import { DELIVERY_TRIGGER, delivery, type OrderLink } from '../delivery/deliver.ts';
import { FHIR_PATH } from '../http/app.ts';
import { restSecurity } from '../identity/oauth/smart-configuration.ts';
import { requireAtAll } from '../interactions/at-all.ts';
import type { Engine, Unit } from '../interactions/engine.ts';
import { fillAnchors } from '../interactions/fill-anchors.ts';
import { buildParameters } from '../interactions/indexing/build.ts';
import { pendingParameters } from '../interactions/indexing/custom-parameters.ts';
import { interactions } from '../interactions/interactions.ts';
import { createJudge } from '../interactions/judge.ts';
import { parametersFor } from '../interactions/parameters-for.ts';
import type { Interactions } from '../interactions/types.ts';
import { createWithheld } from '../interactions/withheld.ts';
import { type Clock, realClock } from '../model/clock.ts';
import { RidAllocator } from '../model/rid.ts';
import { populationOperations } from '../population/merge-patients.ts';
import { reportingOperations } from '../reporting/operations.ts';
import type { RestContext, RestHandle } from '../rest/exchange.ts';
import { restLimits } from '../rest/exchange.ts';
import { formOperations } from '../rest/form-operations.ts';
import { Operations } from '../rest/operations.ts';
import { createRest } from '../rest/rest.ts';
import { standardOperations } from '../rest/standard-operations.ts';
import { terminologyOperations } from '../rest/terminology-operations.ts';
import { r4ViewElements } from '../rest/view-elements.ts';
import { rightsOperations } from '../rights/operations.ts';
import type { Log } from '../runtime/log.ts';
import { openPool, PLANNING } from '../runtime/pool.ts';
import { SECRET_BYTES, type Secrets, secretsOf } from '../runtime/secrets.ts';
import { PageTokens } from '../search/page-token.ts';
import { Estimates } from '../search/query/estimates.ts';
import { knownConcepts } from '../search/query/known-concepts.ts';
import type { Query } from '../search/query/nodes.ts';
import { parseSearch } from '../search/query/parse.ts';
import { search } from '../search/query/run.ts';
import { Merger } from '../store/merger.ts';
import { tryParked } from '../store/outbox.ts';
import { readSetting } from '../store/read.ts';
import { StoredClock } from '../store/stored-clock.ts';
import { accessApplicationOperations } from './access-application-operations.ts';
import { accessLogOperation } from './access-log-operation.ts';
import { AUDIT_EVENT_PARAMETERS, AuditEvents, withAuditEvents } from './audit-events.ts';
import { audited } from './audited.ts';
import { definitionFaults } from './definition-faults.ts';
import { DEFINING_TYPES, DefinitionsKeeper } from './definitions-keeper.ts';
import { Pulse } from './pulse.ts';
import { conceptLookup, storedTerminology } from './stored-terminology.ts';

const BOTS_FOLDER = path.join(import.meta.dirname, '../../bots');
/** How often a process looks for what others have left in the outbox, and for changed definitions. */
const OUTBOX_MS = 500;
const DEFINITIONS_MS = 1000;
/** How often notices that no channel has carried are tried again, and how many at a time. */
const PARKED_MS = 600_000;
const PARKED_AT_ONCE = 2000;
/** How often what was left unsealed is looked for, and the head of the audit's chain noted. */
const AUDIT_MS = 60_000;
/** Batches of merged writes at the same time; each keeps a connection. */
const MERGER_BATCHES = 2;
const AUDIT_CONNECTIONS = 1;
/** What one statement of a search may take; a search that takes longer is refused. */
const READ_MS_MAX = 10_000;

export interface FhirServerParts {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  /** Connections to the database in all, those of `pool` included; 16 where not given. */
  readonly connections?: number;
  /** The FHIR base: absolute, with /fhir/R4. */
  readonly fhirBase: string;
  /** Time stands still from this instant on; undefined: the machine's clock. */
  readonly testClock: Date | undefined;
  /** In the order in which they are tried. */
  readonly channels: readonly Channel[];
  /** A channel that carries nothing, and may still keep what it once sent. */
  readonly formerChannel?: Channel;
  readonly contacts: ContactRegister;
  /** Makes the personal links that notices carry; they carry none where not given. */
  readonly orderLink?: OrderLink | undefined;
  readonly log: Log;
  readonly version: string;
  /** Whose day forms take for today, as IANA names it. */
  readonly timeZone: string;
  /** Whether real patients are asked: then no form is ordered without words that may be used. */
  readonly production?: boolean;
  /** The server's own secret; where it is not given, one that is forgotten when the process ends. */
  readonly secrets?: Secrets | undefined;
  /** The folder outside the database in which is kept where the chains of the audit stand. */
  readonly checkpoints?: string;
  /** Bots beside those of the product: tests give theirs. */
  readonly bots?: readonly Bot[];
}

/** FHIR over one database, as values: what HTTP carries, with what works behind it. */
export interface FhirServer {
  readonly handle: RestHandle;
  readonly interactions: Interactions;
  readonly engine: Engine;
  readonly runner: Runner;
  readonly audit: Audit;
  /** Present where time stands still until it is moved. */
  readonly clock: StoredClock | undefined;
  /** Moves the test clock and does all that falls due until then. */
  advance(to: Date): Promise<void>;
  /** Reads definitions again and completes the indexing of search parameters. */
  refresh(): Promise<void>;
  /** Tells of each commit of this process, by the types of its resources. */
  watch(listener: (types: ReadonlySet<string>) => void): void;
  /** Starts the work in the background. */
  start(): void;
  stop(): Promise<void>;
}

export async function createFhirServer(parts: FhirServerParts): Promise<FhirServer> {
  const { pool, fhirBase, log } = parts;
  const secrets = parts.secrets ?? secretsOf(randomBytes(SECRET_BYTES));
  const hashSeed = await readSetting(pool, 'hash_seed');
  const tokens = new PageTokens(await readSetting(pool, 'token_secret'));
  const storedClock = parts.testClock && (await StoredClock.open(pool, parts.testClock));
  const clock: Clock = storedClock ?? realClock;
  const random = (): number => randomInt(2 ** 32) / 2 ** 32;

  const handleIn = (unit: Unit): RestHandle =>
    createRest({ ...restContext, interactions: interactions({ engine, unit }) });
  const call = botCaller(handleIn, fhirBase, clock, {
    production: { name: 'production', valueBoolean: parts.production === true },
  });
  const bots = [...(await loadBots(BOTS_FOLDER)), deliveryBot(parts), ...(parts.bots ?? [])];
  const keeper = new DefinitionsKeeper(pool, bots, fhirBase, call, hashSeed);
  await keeper.refresh();

  const mergerPool = openPool(
    {
      connectionString: parts.databaseUrl,
      max: MERGER_BATCHES,
      application_name: 'svar writer',
      options: PLANNING,
      pipeline: true,
    } as pg.PoolConfig,
    log,
  );
  const readers = openPool(
    {
      connectionString: parts.databaseUrl,
      max: Math.max(1, Math.floor((parts.connections ?? 16) / 2) - MERGER_BATCHES - AUDIT_CONNECTIONS),
      application_name: 'svar reader',
      options: `${PLANNING} -c statement_timeout=${READ_MS_MAX}`,
    },
    log,
  );

  const outbox = new Pulse('the outbox', OUTBOX_MS, () => work('drainInside'), log);
  const deliveries = new Pulse('deliveries', OUTBOX_MS, () => work('drainOutside'), log);
  const parked = new Pulse('parked notices', PARKED_MS, () => tryDeliveries(pool), log);
  const definitions = new Pulse('reading definitions', DEFINITIONS_MS, () => refresh(), log);
  const estimates = new Estimates();
  const audit = new Audit({
    db: readers,
    databaseUrl: parts.databaseUrl,
    secrets,
    checkpoints: parts.checkpoints,
    now: () => realClock.now().getTime(),
    log,
    isAboutPatients,
  });
  await audit.requireOwnSecret().catch(async (problem) => {
    await Promise.all([mergerPool.end(), readers.end()]);
    throw problem;
  });
  const tending = new Pulse('the audit', AUDIT_MS, () => audit.tend(), log);
  const commits = new Map<string, number>();
  const watchers: ((types: ReadonlySet<string>) => void)[] = [];
  const withheld = createWithheld(hashSeed, realClock);
  const engine: Engine = {
    pool,
    readers,
    merger: new Merger(mergerPool, MERGER_BATCHES),
    clock,
    random,
    rids: new RidAllocator(() => realClock.now().getTime(), random),
    hashSeed,
    baseUrl: fhirBase,
    erasedKey: secrets.key('ids that were erased'),
    definitions: () => keeper.current,
    again: () => keeper.refresh(),
    commitsOf: (types) => types.reduce((sum, type) => sum + (commits.get(type) ?? 0), 0),
    async committed({ events, types }) {
      for (const type of types) {
        commits.set(type, (commits.get(type) ?? 0) + 1);
      }
      for (const told of watchers) told(types);
      if (DEFINING_TYPES.some((type) => types.has(type))) {
        await keeper.refresh();
        definitions.nudge();
      }
      if (events) {
        outbox.nudge();
        deliveries.nudge();
      }
    },
    judge: createJudge({
      validate: (resource) => validateResource(resource, { profiles: keeper.profiles }),
      definitionFaults: (resource) => definitionFaults(resource, keeper.current.parameters),
      hashSeed,
      baseUrl: fhirBase,
      terminology: (db) => storedTerminology(db, hashSeed, fhirBase),
      search: (db, caller, type, query) => engine.search(db, caller, type, query, { lenient: false }),
      clock,
      timeZone: parts.timeZone,
      realClock,
      withheld,
    }),
    withheld,
    search: async (db, caller, type, query, { lenient }) => {
      if (type !== undefined) {
        requireAtAll(caller, 'search', type);
      }
      const parameters = parametersFor(keeper.current.parameters, caller);
      const terminology = conceptLookup(storedTerminology(db, hashSeed, fhirBase, caller));
      const parsed = (part: Query) =>
        parseSearch(parameters, type, part, { lenient, baseUrl: fhirBase, now: clock.now() });
      const known = lenient ? await knownConcepts(query, parsed, terminology) : { query, notices: [] };
      const request = parsed(known.query);
      return search(
        db,
        caller,
        { ...request, notices: [...known.notices, ...request.notices] },
        { hashSeed, baseUrl: fhirBase, tokens, estimates, terminology },
      );
    },
    tokens,
    audit,
  };
  const plain = interactions({ engine, unit: undefined });
  const auditEvents = new AuditEvents(plain, { audit, db: readers, secrets, tokens });
  const alone = withAuditEvents(plain, auditEvents);
  const restContext: RestContext = {
    interactions: alone,
    searchParameters: {
      hasWords: (type) => keeper.current.parameters.hasWords(type),
      get: (type, code) => keeper.current.parameters.get(type, code),
      list: (type) =>
        keeper.current.parameters
          .list(type)
          .filter(({ code }) => type !== 'AuditEvent' || AUDIT_EVENT_PARAMETERS.has(code)),
    },
    operations: new Operations([
      ...standardOperations,
      ...terminologyOperations,
      ...formOperations,
      ...accessApplicationOperations({ engine, interactions: alone, clock: realClock, zone: parts.timeZone }),
      accessLogOperation(auditEvents, { db: readers }, parts.timeZone, realClock.now),
      ...reportingOperations({ engine, zone: parts.timeZone }),
      ...populationOperations({ engine }),
      ...courseOperations(engine),
      ...parkedWorkOperations(engine),
      ...rightsOperations({
        engine,
        secrets,
        zone: parts.timeZone,
        forget: [forgetPatient],
        async forgetNotices(keys) {
          for (const channel of [...parts.channels, parts.formerChannel]) await channel?.forget?.(keys);
        },
      }),
    ]),
    viewElements: r4ViewElements(),
    clock,
    software: { name: 'Svar', version: parts.version },
    security: restSecurity(parts.fhirBase.slice(0, -FHIR_PATH.length)),
    limits: restLimits,
    log,
    errorId: randomUUID,
  };
  const rest = audited(createRest(restContext), audit, log);
  await fillAnchors(engine);
  const runner = new Runner(engine, () => keeper.bots, call, new CronRuns(engine, bots, call, log), log);

  async function work(part: 'drainInside' | 'drainOutside'): Promise<void> {
    await storedClock?.refresh();
    await runner[part]();
  }

  async function refresh(): Promise<void> {
    await keeper.refresh();
    const pending = await pendingParameters(pool);
    if (pending.length > 0 && (await buildParameters(engine, pending))) {
      await keeper.refresh();
    }
  }

  return {
    handle: storedClock
      ? async (caller, request) => {
          await storedClock.refresh();
          return rest(caller, request);
        }
      : rest,
    interactions: alone,
    engine,
    runner,
    audit,
    clock: storedClock,
    async advance(to) {
      if (storedClock === undefined) {
        throw new Error('there is no test clock');
      }
      await advance(storedClock, runner, to);
    },
    refresh,
    watch: (listener) => void watchers.push(listener),
    start() {
      outbox.start();
      deliveries.start();
      // a test clock tells when things are tried
      if (storedClock === undefined) parked.start();
      definitions.start();
      tending.start();
    },
    async stop() {
      await Promise.all([outbox.stop(), deliveries.stop(), parked.stop(), definitions.stop(), tending.stop()]);
      await audit.close();
      await Promise.all([mergerPool.end(), readers.end()]);
    },
  };
}

const DELIVER = 'deliver';

/**
 * An outage of a channel may last longer than a bot's attempts. What waits for it holds up nobody else's work meanwhile,
 * and ends with its order: see `delivery`.
 */
async function tryDeliveries(pool: pg.Pool): Promise<void> {
  await tryParked(pool, DELIVER, ATTEMPTS_MAX, PARKED_AT_ONCE);
}

function deliveryBot({ channels, contacts, orderLink }: FhirServerParts): Bot {
  return {
    declaration: { name: DELIVER, kind: 'follow', trigger: [DELIVERY_TRIGGER], apart: true },
    handler: delivery(channels, contacts, orderLink),
  };
}
