import { createHmac } from 'node:crypto';
import type { Patient } from '@medplum/fhirtypes';
import express, { type Request, type Router } from 'express';
import type { Ask } from '../identity/create-identity.ts';
import type { Identity } from '../identity/identity.ts';
import { type LinkedOrderParts, type OrderState, readLinkedOrder } from '../identity/links/linked-order.ts';
import { displayName } from '../identity/person-name.ts';
import { Unauthenticated } from '../identity/unauthenticated.ts';
import type { Caller } from '../model/caller.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { type WaitingOrder, waitingOrders } from './waiting-orders.ts';

/** Who has signed in as a patient, as the patient's app is told: PatientSession in src/web/patient/contract.ts. */
export interface PatientSession {
  readonly person: string;
  readonly name?: string;
  readonly by: 'link' | 'sign-in';
  readonly order?: string;
  readonly language: string;
  /** A key goes with an order that this session reaches, and with no other. */
  readonly orders: readonly (WaitingOrder & { readonly deviceKey: string })[];
  readonly now: string;
  readonly timeZone: string;
  /** Where the order stands that was asked about by `?order=`, if it is this person's. */
  readonly asked?: { readonly order: string; readonly state: OrderState };
}

export interface PatientSessionParts {
  readonly identify: (request: Request) => Promise<Identity | undefined>;
  readonly callerOf: (identity: Identity) => Promise<Caller>;
  /** Reads FHIR as somebody, audited. */
  readonly ask: Ask;
  readonly secrets: Pick<Secrets, 'key'>;
  /** The language that the pages of sign-in speak with this browser. */
  readonly languageOf: (request: Request) => string;
  /** By which is told where an order stands: who came by a link sees none that has ended. */
  readonly orders: LinkedOrderParts;
  readonly timeZone: string;
}

/** A session and who it is, by which more is read. */
export interface ReadSession {
  readonly session: PatientSession;
  readonly caller: Caller;
}

/** Tells who a request's session is; undefined: nobody, or somebody who is no patient. */
export type ReadPatientSession = (request: Request) => Promise<ReadSession | undefined>;

const SESSION_PATH = '/patient/session';

export function patientSessions(parts: PatientSessionParts): ReadPatientSession {
  const key = parts.secrets.key('drafts on devices');
  return async (request) => {
    const identity = await parts.identify(request).catch(nobodyWhere);
    const person = identity?.fhirUser;
    if (identity === undefined || person?.startsWith('Patient/') !== true) return undefined;
    const caller = await parts.callerOf(identity);
    if (caller.access === 'none' && identity.order === undefined) return undefined;
    const language = parts.languageOf(request);
    const byLink = identity.strength === 'link';
    const [orders, patient, now] = await Promise.all([
      waitingOrders(parts.ask, caller, person, language),
      byLink ? undefined : (parts.ask(caller, person) as Promise<Patient | undefined>),
      parts.orders.orderTime(),
    ]);
    const asked = await askedOrder(request, person, parts.orders);
    const name = displayName(patient?.name);
    const session: PatientSession = {
      person,
      ...(name === undefined ? {} : { name }),
      by: byLink ? 'link' : 'sign-in',
      ...(identity.order === undefined ? {} : { order: identity.order }),
      orders: orders.map((order) => ({
        ...order,
        deviceKey: createHmac('sha256', key).update(`${person} ${order.id}`).digest('base64'),
      })),
      ...{ language, now: now.toISOString(), timeZone: parts.timeZone },
      ...(asked === undefined ? {} : { asked }),
    };
    return { session, caller };
  };
}

/** `GET /patient/session`, for the patient's app; 401 for everybody else. */
export function patientSessionRouter(read: ReadPatientSession): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(SESSION_PATH, async (request, response) => {
    const found = await read(request);
    response.set('cache-control', 'no-store');
    if (found === undefined) response.status(401).json({});
    else response.json(found.session);
  });
  return router;
}

async function askedOrder(
  { query }: Request,
  person: string,
  parts: LinkedOrderParts,
): Promise<PatientSession['asked']> {
  const { order } = query;
  if (typeof order !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(order)) return undefined;
  const found = await readLinkedOrder(order, parts);
  return found?.patient === person ? { order, state: found.state } : undefined;
}

/** Who comes from another site, or with a session that has ended, signs in. */
function nobodyWhere(problem: unknown): undefined {
  if (!(problem instanceof Unauthenticated)) throw problem;
}
