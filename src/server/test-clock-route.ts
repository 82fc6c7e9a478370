import express, { type Router } from 'express';
import { FhirError, fhirError, operationOutcome } from '../model/issue.ts';
import type { FhirServer } from './fhir-server.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** `POST /test-clock {"now": instant}`: moves the test clock forward; answered when all that fell due has been done. */
export function testClockRoute(router: Router, fhir: FhirServer): void {
  router.post('/test-clock', express.json({ limit: 1024 }), async (request, response) => {
    try {
      const now = (request.body as { now?: unknown } | undefined)?.now;
      if (typeof now !== 'string' || !INSTANT.test(now) || Number.isNaN(Date.parse(now))) {
        throw fhirError(400, 'value', 'now has to be an instant with its offset, such as 2026-03-02T08:00:00+01:00.');
      }
      await fhir.advance(new Date(now));
      response.json({ now: fhir.engine.clock.now().toISOString() });
    } catch (failure) {
      if (!(failure instanceof FhirError)) {
        throw failure;
      }
      response.status(failure.status).type('application/fhir+json').json(operationOutcome(failure.issues));
    }
  });
}
