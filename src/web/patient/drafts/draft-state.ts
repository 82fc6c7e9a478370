import type { OperationOutcome, QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Device } from '../device/device.ts';
import type { Fhir } from '../network/fhir.ts';

/** One order's answers as they lie on this device. */
export interface DraftRecord {
  /** The id of the Task. */
  readonly order: string;
  readonly response: QuestionnaireResponse;
  /** What the server held when both were last the same; undefined: nothing. */
  readonly base: QuestionnaireResponse | undefined;
  /** Whether the response holds more than the base. */
  readonly changed: boolean;
  /** The person has pressed Send; the response is complete. */
  readonly sending: boolean;
  /** Key of the page that the person was on. */
  readonly page: string | undefined;
}

/** What becomes of what is answered; a new object when it changes. */
export interface DraftState {
  /** `server`: all of it is there; `saving`: it is on its way; `device`: it is kept here until the net is back. */
  readonly kept: 'server' | 'saving' | 'device';
  /** `waiting`: Send was pressed, and it goes when the net is back; `refused`: the server did not take it, nothing has changed since. */
  readonly sending: 'no' | 'under-way' | 'waiting' | 'refused' | 'sent';
  /** Nothing more is saved: the person has to sign in again, or the order cannot be answered any more. */
  readonly ended?: 'signed-out' | 'closed';
  /** What the server does not accept, of what was sent or saved last. */
  readonly refusal?: OperationOutcome;
}

export interface DraftParts {
  readonly fhir: Pick<Fhir, 'create' | 'read' | 'search' | 'update'>;
  readonly device: Device<DraftRecord>;
  readonly clock: DraftClock;
  /** Where the order stands: a personal link shows no response that was sent. */
  readonly orderState: () => Promise<OrderState>;
}

export type OrderState = 'open' | 'answered' | 'ended';

export interface DraftClock {
  /** Milliseconds. */
  now(): number;
  /** @returns calls it off */
  after(ms: number, act: () => void): () => void;
}
