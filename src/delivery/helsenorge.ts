import type { OperationOutcome, Task } from '@medplum/fhirtypes';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import type { UnreachableReason } from '../registry/unreachable.ts';
import { type Channel, ChannelFault, type Notice } from './channel.ts';
import type { Contact } from './contact.ts';
import { messageId } from './message-id.ts';
import { reachByNumber } from './reach.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';
import { jsonObject } from './tokens/access-tokens.ts';
import { neutralTitle } from './words.ts';

export interface HelsenorgeSettings {
  /** The address before `/oppgave/v1/Task`. */
  readonly base: string;
  /** Who asks: organisation number and name, which the citizen reads. */
  readonly organization: { readonly number: string; readonly name: string };
  /** The number of a form at Helsenorge (blankett-nummer) by its canonical url; `default` for all others. */
  readonly formNumbers: Readonly<Record<string, string>>;
  /** A code of Volven 7618: which area of services the task belongs to. */
  readonly serviceArea: string;
  /** Further labels of meta.security as `system|code`, such as the one by which Helsenorge hides the sender's name. */
  readonly labels: readonly string[];
}

/** Helsenorge takes people from 16 years on. */
const YEARS_MIN = 16;
const SERVICE_AREA = 'urn:oid:2.16.578.1.12.4.1.1.7618';
const FORM_NUMBER = 'http://helsenorge.no/fhir/blankett-nummer';
const ORGANIZATION_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.101';
const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';
const D_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.2';
const ANSWER_BYTES_MAX = 256 * 1024;
/** The code of Helsenorge's answer that somebody is not digitally active there. */
const NOT_ACTIVE = '2118';

/**
 * Gives citizens a task at Helsenorge (skjemaoppgave): FHIR Task, `POST [base]/oppgave/v1/Task`, whose `instantiatesUri`
 * is the personal link to the form here (helsenorge.atlassian.net 742948883, 872415248).
 *
 * Documented: address, focus, identifier, status, security, code, description, owner and deadline. Our reading, since the
 * pages say nothing: a task whose identifier is there already is answered by 409; who is no user is answered by 400 with
 * code 2118 (seen, not documented); the deadline is restriction.period.end.
 */
export function helsenorge(settings: HelsenorgeSettings, tokens: AccessTokens, guarded: GuardedFetch): Channel {
  const address = `${settings.base}/oppgave/v1/Task`;
  return {
    name: 'helsenorge',
    medium: 'secure',
    reach: reachOf,
    async send(notice) {
      // a task there is a form to fill in: what only tells of something has to go another way
      if (notice.link === undefined) return 'channel-not-offered';
      const { status, body } = await guarded(address, {
        method: 'POST',
        headers: { ...(await tokens.headers('POST', address)), 'content-type': 'application/fhir+json' },
        body: JSON.stringify(taskOf(notice, settings)),
        accept: ['application/fhir+json', 'application/json'],
        bytesMax: ANSWER_BYTES_MAX,
      });
      return outcomeOf(status, body);
    },
  };
}

/** Helsenorge tells people by e-mail or SMS: without contact data that it may use, nobody would learn of the task. */
function reachOf(contact: Contact, at: Date) {
  const way = reachByNumber(contact, at, YEARS_MIN);
  const points = [contact.email, contact.mobile].filter((point) => point !== undefined);
  const outdated = points.length > 0 && points.every(({ current }) => !current);
  return 'address' in way && outdated ? ({ unreachable: 'contact-data-too-old' } as const) : way;
}

function taskOf(notice: Notice, { organization, formNumbers, serviceArea, labels }: HelsenorgeSettings): Task {
  const form = notice.order?.questionnaire?.split('|')[0] ?? '';
  const formNumber = formNumbers[form] ?? formNumbers.default;
  const number = notice.recipient;
  return {
    resourceType: 'Task',
    meta: { security: [{ system: SERVICE_AREA, code: serviceArea }, ...labels.map(label)] },
    contained: [
      {
        resourceType: 'Organization',
        id: 'requester',
        identifier: [{ system: ORGANIZATION_NUMBER, value: organization.number }],
        name: organization.name,
      },
    ],
    identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${messageId(notice.idempotencyKey)}` }],
    instantiatesUri: notice.link,
    status: 'ready',
    intent: 'proposal',
    code: { text: neutralTitle(notice.language) },
    description: notice.text,
    focus: {
      type: 'Questionnaire',
      ...(formNumber !== undefined && { identifier: { system: FORM_NUMBER, value: formNumber } }),
    },
    requester: { reference: '#requester', type: 'Organization' },
    owner: {
      type: 'Patient',
      identifier: { system: /^[4-7]/.test(number) ? D_NUMBER : NATIONAL_NUMBER, value: number },
    },
    restriction: notice.order?.end && { period: { end: notice.order.end.toISOString() } },
  };
}

function label(text: string): { system: string; code: string } {
  const at = text.lastIndexOf('|');
  return { system: text.slice(0, at), code: text.slice(at + 1) };
}

function outcomeOf(status: number, body: Buffer): UnreachableReason | undefined {
  if ((status >= 200 && status < 300) || status === 409) return undefined;
  if (status === 400 && saysNotActive(body)) return 'no-secure-mailbox';
  throw new ChannelFault(`Helsenorge answered ${status}`);
}

function saysNotActive(body: Buffer): boolean {
  let outcome: Partial<OperationOutcome>;
  try {
    outcome = jsonObject(body) as Partial<OperationOutcome>;
  } catch {
    return false;
  }
  const issues = Array.isArray(outcome.issue) ? outcome.issue : [];
  return issues.some(({ details }) => details?.coding?.some(({ code }) => code === NOT_ACTIVE));
}
