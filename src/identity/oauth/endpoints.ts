/** Where the endpoints are, below the server's address; MedplumClient looks for the first two there unless told otherwise. */
export const ROUTES = {
  token: '/oauth2/token',
  authorization: '/oauth2/authorize',
  jwks: '/oauth2/jwks',
  introspection: '/oauth2/introspect',
  revocation: '/oauth2/revoke',
} as const;

/** Where an EHR system, or an app of the house, registers a launch. */
export const LAUNCH_PATH = '/oauth2/launch';

/** Algorithms by which clients prove themselves; SMART App Launch 2.2 demands RS384 and ES384. */
export const ASSERTION_ALGORITHMS = ['ES384', 'RS384', 'ES256', 'RS256', 'PS256', 'PS384'] as const;

/** Algorithms of DPoP proofs: asymmetric ones that everybody has. */
export const DPOP_ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256'] as const;
