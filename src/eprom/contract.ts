import { fhirError } from '../model/issue.ts';

/**
 * The shape in which the joint Norwegian ePROM service takes orders of forms and tells what became of them (Hemit's public
 * ePROM documentation, version 13.9). Names and numbers are the service's. What it does not document (how a callback names
 * its order) is marked.
 */

/** By which ways a notice may go. */
export const distributionRule = {
  basic: 0,
  allowUnsecure: 1,
  noDistribution: 2,
  basicOrPaper: 3,
  allowUnsecureOrPaper: 4,
  paperOnly: 5,
  helsenorgeOnly: 6,
  digitalMailboxOnly: 7,
  unsecureOnly: 8,
} as const;

export type DistributionRule = (typeof distributionRule)[keyof typeof distributionRule];

/** By which way it went. */
export const notificationChannel = {
  none: 0,
  helsenorge: 1,
  digitalMailbox: 2,
  unsecure: 3,
  physicalMailbox: 4,
} as const;

export type NotificationChannel = (typeof notificationChannel)[keyof typeof notificationChannel];

/** `POST …/webapi/api/v2/formorder` */
export interface FormOrder {
  readonly formId: string;
  /** The patient's national number. */
  readonly nationalId: string;
  /** ISO 8601; until then the form can be answered. */
  readonly expiryDate: string;
  readonly distributionRule: DistributionRule;
  /** A JSON text that comes back with every callback. */
  readonly metadata?: string;
}

/** What an order is answered by. */
export interface FormOrderReceipt {
  readonly id: string;
  readonly singleUseCode: string;
  readonly loginUrl: string;
  readonly notificationChannel: NotificationChannel;
}

export const orderStatuses = ['Ordered', 'Error', 'Completed', 'Expired'] as const;
export type EpromStatus = (typeof orderStatuses)[number];
export const errorCodes = ['None', 'PatientUnreachable', 'SikkerDigitalPostError'] as const;
export type EpromErrorCode = (typeof errorCodes)[number];

/** `PUT <ApiBaseUrl>/api/PromsFormOrder`: a status, and with Completed the answers. */
export interface FormOrderCallback {
  /** The order's id. That it is called so, and that the order's metadata come back, is our reading. */
  readonly id: string;
  readonly status: EpromStatus;
  readonly errorCode: EpromErrorCode;
  readonly timestampUtc: string;
  readonly metadata?: string;
  /** A flat JSON object as a text, keyed by the names of fields. */
  readonly formData?: string;
  /** Who answered: SegSelv, Foreldrerepresentasjon, Fullmakt. */
  readonly filledOutBy?: string;
}

const TEXT_MAX = 10_000;
const FORM_DATA_MAX = 500_000;

/** @throws FhirError 400 that names what is wrong, never its value: it may be a national number */
export function readFormOrder(body: unknown): FormOrder {
  const fields = objectOf(body);
  const metadata = optionalText(fields, 'metadata');
  const rule = fields.distributionRule ?? distributionRule.basic;
  const known = Object.values(distributionRule).find((value) => value === rule);
  if (known === undefined) throw wrong('distributionRule has to be a number from 0 to 8');
  const expiryDate = text(fields, 'expiryDate');
  if (Number.isNaN(Date.parse(expiryDate))) throw wrong('expiryDate has to be an ISO 8601 date');
  if (metadata !== undefined && !isJson(metadata)) throw wrong('metadata has to be a JSON text');
  return {
    formId: text(fields, 'formId'),
    nationalId: text(fields, 'nationalId'),
    expiryDate,
    distributionRule: known,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** @throws FhirError 400 as readFormOrder */
export function readCallback(body: unknown): FormOrderCallback {
  const fields = objectOf(body);
  const status = orderStatuses.find((known) => known === fields.status);
  if (status === undefined) throw wrong(`status has to be one of ${orderStatuses.join(', ')}`);
  const timestampUtc = text(fields, 'timestampUtc');
  if (Number.isNaN(Date.parse(timestampUtc))) throw wrong('timestampUtc has to be an ISO 8601 instant');
  const formData = optionalText(fields, 'formData', FORM_DATA_MAX);
  const metadata = optionalText(fields, 'metadata');
  if (metadata !== undefined && !isJson(metadata)) throw wrong('metadata has to be a JSON text');
  const filledOutBy = optionalText(fields, 'filledOutBy');
  return {
    id: text(fields, 'id'),
    status,
    errorCode: errorCodes.find((known) => known === fields.errorCode) ?? 'None',
    timestampUtc,
    ...(metadata === undefined ? {} : { metadata }),
    ...(formData === undefined ? {} : { formData }),
    ...(filledOutBy === undefined ? {} : { filledOutBy }),
  };
}

/** @throws Error where the service answers something else than it documents */
export function readReceipt(body: unknown): FormOrderReceipt {
  const { id, singleUseCode, loginUrl, notificationChannel: channel } = objectOf(body);
  const known = Object.values(notificationChannel).find((value) => value === channel);
  if (typeof id !== 'string' || id === '' || typeof loginUrl !== 'string' || known === undefined) {
    throw new Error('the ePROM service answered an order without id, loginUrl or notificationChannel');
  }
  return {
    id,
    loginUrl,
    notificationChannel: known,
    singleUseCode: typeof singleUseCode === 'string' ? singleUseCode : '',
  };
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong('the body has to be a JSON object');
  return body as Fields;
}

function text(fields: Fields, name: string): string {
  const found = optionalText(fields, name);
  if (found === undefined || found === '') throw wrong(`${name} is missing`);
  return found;
}

function optionalText(fields: Fields, name: string, most = TEXT_MAX): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > most) {
    throw wrong(`${name} has to be a text of at most ${most} characters`);
  }
  return value;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function wrong(problem: string): Error {
  return fhirError(400, 'value', `${problem}.`);
}
