import type { IncomingMessage } from 'node:http';
import express, { type Router } from 'express';
import { firstPage } from '../apps/first-page.ts';
import { patientPages } from '../apps/patient-pages.ts';
import { patientSessionRouter, patientSessions } from '../apps/patient-session.ts';
import { appsRouter } from '../apps/router.ts';
import { FHIR_PATH } from '../http/app.ts';
import { signInCookies } from '../identity/accounts/cookies.ts';
import type { IdentityServer } from '../identity/create-identity.ts';
import { APP_REQUESTS_MAX, limitedByAddress } from '../identity/limited-by-address.ts';
import { readerLanguage } from '../identity/pages/page-answer.ts';
import { storedResources } from '../identity/stored.ts';
import type { Log } from '../runtime/log.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { askingAs } from './asking-as.ts';
import type { FhirServer } from './fhir-server.ts';

export interface WebAppsParts {
  /** The folder of the built apps. */
  readonly folder: string;
  readonly identity: Pick<IdentityServer, 'identify' | 'callerOfIdentity'> & {
    /** From which address a request comes; where not given, the connection's. */
    readonly addressOf?: (request: IncomingMessage) => string;
  };
  readonly fhir: FhirServer;
  readonly secrets: Secrets;
  /** Of the server, as browsers reach it, without a slash at the end. */
  readonly url: string;
  readonly timeZone: string;
  readonly production: boolean;
  readonly log: Pick<Log, 'error'>;
}

/** The web apps and what the server tells them beside FHIR. */
export function webApps({ folder, identity, fhir, secrets, url, timeZone, production, log }: WebAppsParts): Router {
  const cookies = signInCookies({ secure: url.startsWith('https:') });
  const ask = askingAs(fhir.handle, url + FHIR_PATH);
  const sessions = patientSessions({
    ...{ secrets, timeZone, identify: identity.identify, callerOf: identity.callerOfIdentity },
    ask,
    languageOf: (request) => readerLanguage(request, cookies.language(request)),
    orders: {
      ...{ stored: storedResources(fhir.engine), production },
      async orderTime() {
        await fhir.clock?.refresh();
        return fhir.engine.clock.now();
      },
    },
  });
  const router = express.Router();
  const addressOf = identity.addressOf ?? (({ socket }) => socket.remoteAddress ?? '');
  router.use('/patient/session', limitedByAddress(addressOf, APP_REQUESTS_MAX));
  router.use(patientSessionRouter(sessions));
  router.use(patientPages({ read: sessions, ask, languageCookie: cookies.setLanguage, origin: new URL(url).origin }));
  const failed = (err: unknown): void => log.error({ err }, "a patient's first page was not rendered");
  const fillPage = firstPage({ folder, ask, failed });
  router.use(appsRouter({ folder, identify: identity.identify, patientSession: sessions, fillPage }));
  return router;
}
