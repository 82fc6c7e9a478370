import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isSameOrigin } from '../identity/accounts/same-origin.ts';
import type { Ask } from '../identity/create-identity.ts';
import { type PageLanguage, pageLanguage } from '../identity/pages/language.ts';
import { patientConsents } from './patient-consents.ts';
import { patientResults } from './patient-results.ts';
import type { ReadPatientSession, ReadSession } from './patient-session.ts';

export interface PatientPagesParts {
  readonly read: ReadPatientSession;
  /** Reads FHIR as somebody, audited. */
  readonly ask: Ask;
  /** A header Set-Cookie that keeps a language. */
  readonly languageCookie: (language: PageLanguage) => string;
  /** Of this server, as browsers send it. */
  readonly origin: string;
}

const LANGUAGE_BYTES_MAX = 256;

/**
 * What the patient's app is told beside FHIR and the session: `GET /patient/session/results`, `GET /patient/session/consents`; and
 * `POST /patient/session/language`, which keeps a choice for the pages of sign-in. Results and consents take a sign-in: of who came
 * by a link both are empty.
 */
export function patientPages({ read, ask, languageCookie, origin }: PatientPagesParts): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const answering =
    (tell: (found: ReadSession) => Promise<object>) =>
    async (request: Request, response: Response): Promise<void> => {
      const found = await read(request);
      response.set('cache-control', 'no-store');
      if (found === undefined) response.status(401).json({});
      else response.json(await tell(found));
    };
  router.get(
    '/patient/session/results',
    answering(async ({ session: { by, person, language }, caller }) =>
      by === 'link' ? { answered: [], results: [] } : patientResults(ask, caller, person, language),
    ),
  );
  router.get(
    '/patient/session/consents',
    answering(async ({ session: { by, person, language }, caller }) => ({
      consents: by === 'link' ? [] : await patientConsents(ask, caller, person, language),
    })),
  );
  router.post(
    '/patient/session/language',
    (request: Request, response: Response, next: NextFunction) => {
      if (isSameOrigin(request, origin)) return next();
      response.status(403).json({});
    },
    express.json({ limit: LANGUAGE_BYTES_MAX }),
    (request, response) => {
      const { language } = (request.body ?? {}) as { readonly language?: unknown };
      const known = typeof language === 'string' ? pageLanguage(language) : undefined;
      // a language that the pages of sign-in do not speak leaves their choice as it was
      if (known !== undefined) response.append('set-cookie', languageCookie(known));
      response.status(204).end();
    },
  );
  return router;
}
