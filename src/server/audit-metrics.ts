import { Counter, type Registry } from 'prom-client';
import type { Audit } from '../audit/audit.ts';

/** What an operator watches of the audit. */
export function auditMetrics(registry: Registry, audit: Audit): void {
  new Counter({
    name: 'svar_refusals_total',
    help: 'requests that were turned away at the door (401, 403, 429), of which at most thirty a minute are rows of the audit',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [status, count] of audit.refusals) {
        this.inc({ status }, count);
      }
    },
  });
}
