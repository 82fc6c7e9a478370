import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** A year, in seconds. */
const HSTS_SECONDS = 31_536_000;

/**
 * The security headers of pages and their files: what they load comes from this server alone, no script or style stands
 * in the page itself, nobody frames them, and forms lead back here. FHIR's answers, which no browser shows, have
 * stricter ones of their own (src/http/send.ts).
 *
 * A page that needs something else says so itself: these stand where it does not.
 *
 * @param secure whether clients reach the server by https: then browsers are told never to use anything else
 */
export function securityHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
    xPoweredBy: true,
  });
}

/** Tells browsers to come by https only (RFC 6797); for every answer of a server that is reached so. */
export const hsts: RequestHandler = (_request, response, next) => {
  response.setHeader('strict-transport-security', `max-age=${HSTS_SECONDS}`);
  next();
};
