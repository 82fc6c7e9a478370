import type { IncomingMessage } from 'node:http';
import type { Router } from 'express';
import type { Registry } from 'prom-client';
import { send } from './send.ts';

export interface Probe {
  readonly ok: boolean;
  /** Told as JSON: outbox depth, lag, parked bots … Holds no patient data: probes need no sign-in. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Health {
  /** Whether this process works. */
  live(): Promise<Probe>;
  /** Whether it can serve: database reachable, migrations done, packages loaded. */
  ready(): Promise<Probe>;
}

/** /healthz and /readyz for everybody, /metrics for whom `mayRead` lets. */
export function addProbes(
  router: Router,
  health: Health,
  metrics: Registry,
  mayRead: (request: IncomingMessage) => Promise<boolean> = async () => true,
): void {
  const probe = (path: string, ask: () => Promise<Probe>) =>
    router.get(path, async (request, response) => {
      const { ok, details } = await ask().catch(() => ({ ok: false, details: { reason: 'the check failed' } }));
      await send(request, response, {
        status: ok ? 200 : 503,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
        body: `${JSON.stringify({ status: ok ? 'ok' : 'not ok', ...details })}\n`,
      });
    });
  probe('/healthz', () => health.live());
  probe('/readyz', () => health.ready());
  router.get('/metrics', async (request, response, next) => {
    // as if there were no such address
    if (!(await mayRead(request))) return next();
    await send(request, response, {
      status: 200,
      headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
      body: await metrics.metrics(),
    });
  });
}
