import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import { Registry } from 'prom-client';
import { createHttp, FHIR_PATH, type HttpSettings } from '../../src/http/app.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Interactions } from '../../src/interactions/types.ts';
import type { Clock } from '../../src/model/clock.ts';
import { searchParametersJson } from '../../src/model/r4/r4.generated.js';
import { type RestLimits, restLimits } from '../../src/rest/exchange.ts';
import type { Operation } from '../../src/rest/operations.ts';
import { Operations } from '../../src/rest/operations.ts';
import { createRest } from '../../src/rest/rest.ts';
import { standardOperations } from '../../src/rest/standard-operations.ts';
import { r4ViewElements } from '../../src/rest/view-elements.ts';
import { searchParameterRegistry } from '../../src/search/parameters/registry.ts';
import { InteractionsInMemory } from './interactions-in-memory.ts';

export interface RunningRest {
  /** Absolute, the FHIR path included. */
  readonly base: string;
  /** Absolute, without the FHIR path. */
  readonly origin: string;
  readonly server: Server;
  /** What was logged, one line an event. */
  readonly logged: string[];
  close(): Promise<void>;
}

export interface RestOptions {
  readonly interactions?: Partial<Interactions>;
  readonly operations?: readonly Operation[];
  readonly limits?: Partial<RestLimits>;
  readonly settings?: Partial<HttpSettings>;
  /** Routes of other rooms. */
  readonly more?: Router;
}

/** 2026-03-02T08:00:00.123Z, standing still. */
export const standingClock: Clock = { now: () => new Date('2026-03-02T08:00:00.123Z') };

/** The REST face over Interactions in memory, listening on a port of its own. */
export async function restInMemory(options: RestOptions = {}): Promise<RunningRest> {
  const logged: string[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string) => {
    logged.push(JSON.stringify({ message, ...fields }));
  };
  const log = { info: note, error: note };
  const inMemory = new InteractionsInMemory(standingClock);
  const handle = createRest({
    interactions: { ...inMemory, ...options.interactions },
    searchParameters: searchParameterRegistry(JSON.parse(searchParametersJson), []),
    operations: new Operations([...standardOperations, ...(options.operations ?? [])]),
    viewElements: r4ViewElements(),
    clock: standingClock,
    software: { name: 'Svar', version: '0.1.0' },
    limits: { ...restLimits, ...options.limits },
    log,
    errorId: () => 'error-1',
  });
  // The base url holds the port, which is known once the server listens.
  const listener: { app?: ReturnType<typeof createHttp> } = {};
  const server = createHttpServer((request, response) => listener.app?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const probe = async () => ({ ok: true, details: { outboxDepth: 0 } });
  listener.app = createHttp({
    handle,
    callerOf: () => ({ name: 'test', kind: 'client', access: 'all' }),
    health: { live: probe, ready: probe },
    metrics: new Registry(),
    settings: { baseUrl: origin, ...options.settings },
    log,
    ...(options.more === undefined ? {} : { more: options.more }),
  });
  return {
    base: origin + FHIR_PATH,
    origin,
    server,
    logged,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
