import type { CapabilityStatementRestSecurity } from '@medplum/fhirtypes';
import type { Interactions, Query, ResourceText } from '../interactions/types.ts';
import type { Caller } from '../model/caller.ts';
import type { Clock } from '../model/clock.ts';
import { jsonLimits } from '../model/json/parse.ts';
import type { SearchParameters } from '../search/parameters.ts';
import type { Operations } from './operations.ts';
import type { Preferences } from './preferences.ts';
import type { Presentation } from './presentation.ts';
import type { Route } from './route.ts';
import type { ViewElements } from './view-elements.ts';

/** A FHIR request as a value: what HTTP, a Bundle's entry or a bot's client asks. */
export interface RestRequest {
  readonly method: string;
  /** Below the FHIR base, percent-encoded as sent, with or without a leading slash; without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer;
  /** The body where it has been read already: the resource of a Bundle's entry. */
  readonly resource?: ResourceText;
  /** Absolute, without a trailing slash: https://svar.example.org/fhir/R4 */
  readonly baseUrl: string;
}

/** What an endpoint answers. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What HTTP sends in place of `body`: what is no text, such as a PDF. Inside a Bundle there is the body alone. */
  readonly bytes?: Buffer;
  /** When the version in the answer was made, ms since 1970 UTC: `Last-Modified` tells whole seconds only. */
  readonly updated?: number;
}

export interface RestResponse extends Answer {
  /** What was asked, for logs and metrics: `GET Patient/[id]`. Holds no id and nothing from the query. */
  readonly interaction: string;
}

/** Carries out one request; a refusal is an answer too (an OperationOutcome), so this never rejects. */
export type RestHandle = (caller: Caller, request: RestRequest) => Promise<RestResponse>;

/** What every endpoint works with; made once at start. */
export interface RestContext {
  readonly interactions: Interactions;
  readonly searchParameters: SearchParameters;
  readonly operations: Operations;
  readonly viewElements: ViewElements;
  readonly clock: Clock;
  readonly software: { readonly name: string; readonly version: string };
  /** How one signs in, as /metadata tells it. */
  readonly security?: CapabilityStatementRestSecurity;
  readonly limits: RestLimits;
  readonly log: RestLog;
  /** A random name for one failure, told to the client and to the log. */
  readonly errorId: () => string;
}

export interface RestLimits {
  readonly jsonDepthMax: number;
  /** Entries of one batch or transaction. */
  readonly entriesMax: number;
}

export const restLimits: RestLimits = { jsonDepthMax: jsonLimits.depthMax, entriesMax: 10_000 };

export interface RestLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** One request on its way through an endpoint: what was sent, and what of it has been understood. */
export interface Exchange {
  readonly caller: Caller;
  readonly request: RestRequest;
  readonly route: Route;
  /** The query without what concerns only the form of the answer. */
  readonly query: Query;
  readonly presentation: Presentation;
  readonly preferences: Preferences;
  readonly context: RestContext;
  /** Runs another request as this caller: the entries of a batch. */
  readonly handle: RestHandle;
}

/** One endpoint. Every refusal is a FhirError. */
export type Endpoint = (exchange: Exchange) => Promise<Answer>;
