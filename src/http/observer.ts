import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Histogram, type Registry } from 'prom-client';

/** The part of pino that is used here. */
export interface HttpLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface Observed {
  /** Told to the client as X-Request-Id, so that its report finds the log's line. */
  readonly id: string;
  done(interaction: string, status: number, bytes: number): void;
}

/** Logs and counts requests. Neither ever holds an id, a query or anything of a body: only what was asked, as a template. */
export interface Observer {
  start(request: IncomingMessage): Observed;
  failed(requestId: string, error: unknown): void;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createObserver(log: HttpLog, metrics: Registry): Observer {
  const seconds = new Histogram({
    name: 'svar_http_request_seconds',
    help: 'Time from the arrival of a request’s headers to the handing over of its answer, in seconds',
    labelNames: ['interaction', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  const process = randomBytes(6).toString('hex');
  let count = 0;
  return {
    start(request) {
      const started = performance.now();
      const sent = request.headers['x-request-id'];
      count += 1;
      const id = typeof sent === 'string' && UUID.test(sent) ? sent : `${process}-${count}`;
      return {
        id,
        done(interaction, status, bytes) {
          const duration_ms = performance.now() - started;
          seconds.observe({ interaction: withoutType(interaction), status }, duration_ms / 1000);
          log.info({ requestId: id, interaction, status, ms: Math.round(duration_ms * 10) / 10, bytes }, 'request');
        },
      };
    },
    failed(requestId, error) {
      const kind = error instanceof Error ? error.name : typeof error;
      log.error({ requestId, kind }, 'an answer could not be sent');
    },
  };
}

/** Some 150 types times interactions would be too many series: metrics count by interaction alone. */
function withoutType(interaction: string): string {
  return interaction.replace(/ [A-Z]\w*/, ' [type]');
}
