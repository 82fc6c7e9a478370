import type { Bundle, Communication, Patient, Questionnaire, Task } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { codeSystem, identifierSystem, sdcTaskSystem } from '../registry/names.ts';
import { CHANNEL_INPUT } from '../registry/order.ts';
import type { Ask } from './ask.ts';
import { distributionRule, type FormOrder, type FormOrderReceipt, notificationChannel } from './contract.ts';
import { isDead } from './foreign-death.ts';
import { epromNames, FOREIGN_ORDER } from './names.ts';

export interface PlaceOrderParts {
  /** As the system that orders. */
  readonly ask: Ask;
  /** The OAuth client that orders. */
  readonly client: string;
  readonly now: Date;
  /** A random id for the order. */
  readonly newId: () => string;
  /** Makes the personal link that opens an order. @param task its id */
  readonly link: (task: string) => Promise<string>;
}

/** Which channels a rule of distribution lets a notice go by: codes of CodeSystem notice-channel. None: the registry tells. */
const MEDIUM: Readonly<Record<number, string | undefined>> = {
  [distributionRule.basic]: 'secure',
  [distributionRule.basicOrPaper]: 'secure',
  [distributionRule.allowUnsecure]: 'secure',
  [distributionRule.allowUnsecureOrPaper]: 'secure',
  [distributionRule.helsenorgeOnly]: 'helsenorge',
  [distributionRule.digitalMailboxOnly]: 'digipost',
  [distributionRule.unsecureOnly]: 'sms',
  [distributionRule.noDistribution]: undefined,
  [distributionRule.paperOnly]: undefined,
};

const FODSELSNUMMER = 'urn:oid:2.16.578.1.12.4.1.4.1';
const D_NUMMER = 'urn:oid:2.16.578.1.12.4.1.4.2';

/**
 * Orders a form for another registry system, in the shape of the joint ePROM service: patient, order and notice in one
 * commit. The order belongs to no course of ours: it waits for its answer until it expires, and what becomes of it is
 * told by callbacks.
 *
 * @throws FhirError 400 where the order cannot be understood, 404 where there is no such form, or what the FHIR face refuses
 */
export async function placeOrder(parts: PlaceOrderParts, order: FormOrder): Promise<FormOrderReceipt> {
  const { ask, now } = parts;
  if (Date.parse(order.expiryDate) <= now.getTime()) throw fhirError(400, 'value', 'expiryDate has gone by.');
  const form = await formOf(ask, order.formId);
  const identifier = `${systemOf(order.nationalId)}|${order.nationalId}`;
  const [known] = await ask.search<Patient>('Patient', { identifier, _count: '1' });
  // the same words as for whoever else cannot be asked: an order is no way to learn of a death
  if (known !== undefined && isDead(known)) throw fhirError(422, 'business-rule', 'This person cannot be asked.');
  const id = parts.newId();
  const medium = MEDIUM[order.distributionRule];
  const done = (await ask.write(bundle(parts, order, form, id, medium))) as Bundle;
  const task = (done.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === 'Task' ? [resource] : []))[0];
  const loginUrl = await parts.link(task?.id ?? '');
  return {
    id,
    loginUrl,
    singleUseCode: loginUrl.split('/').at(-1) ?? '',
    // by which channel the notice goes is known once it has gone: a callback tells of a patient who cannot be reached
    notificationChannel: medium === 'digipost' ? notificationChannel.digitalMailbox : channelOf(medium),
  };
}

function channelOf(medium: string | undefined): FormOrderReceipt['notificationChannel'] {
  if (medium === undefined) return notificationChannel.none;
  return medium === 'sms' ? notificationChannel.unsecure : notificationChannel.helsenorge;
}

/** The newest active form that bears the formId, as an identifier or as its id here. */
async function formOf(ask: Ask, formId: string): Promise<Questionnaire> {
  const named = await ask.search<Questionnaire>('Questionnaire', {
    identifier: `${epromNames.form}|${formId}`,
    status: 'active',
    _sort: '-_lastUpdated',
    _count: '1',
  });
  const [form] =
    named.length > 0 ? named : await ask.search<Questionnaire>('Questionnaire', { _id: formId, status: 'active' });
  if (form?.url === undefined) throw fhirError(404, 'not-found', 'There is no form with this formId.');
  return form;
}

const PATIENT_URL = 'urn:uuid:00000000-0000-4000-8000-00000000000a';
const TASK_URL = 'urn:uuid:00000000-0000-4000-8000-00000000000b';

function bundle(
  { client, now }: PlaceOrderParts,
  order: FormOrder,
  form: Questionnaire,
  id: string,
  medium: string | undefined,
): Bundle {
  const number = { system: systemOf(order.nationalId), value: order.nationalId };
  const patient = { reference: PATIENT_URL };
  const person: Patient = { resourceType: 'Patient', identifier: [number] };
  const task: Task = {
    resourceType: 'Task',
    identifier: [{ system: epromNames.order, value: id }],
    status: 'requested',
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: 'sent' }] },
    intent: 'order',
    code: { coding: [{ system: sdcTaskSystem, code: 'complete-questionnaire' }, { ...FOREIGN_ORDER }] },
    description: form.title,
    for: patient,
    owner: patient,
    requester: { identifier: { system: identifierSystem.client, value: client } },
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    restriction: { period: { start: now.toISOString(), end: new Date(order.expiryDate).toISOString() } },
    input: [
      {
        type: { coding: [{ system: sdcTaskSystem, code: 'questionnaire' }] },
        valueCanonical: form.version === undefined ? form.url : `${form.url}|${form.version}`,
      },
      // who orders there has said so: without it no unsecured channel is used
      ...(medium === 'sms' ? [{ type: { text: CHANNEL_INPUT }, valueCode: medium }] : []),
      ...(order.metadata === undefined ? [] : [{ type: { text: 'metadata' }, valueString: order.metadata }]),
    ],
  };
  const notice: Communication = {
    resourceType: 'Communication',
    status: 'in-progress',
    category: [{ coding: [{ system: codeSystem.noticeKind, code: 'notice' }] }],
    medium: medium === undefined ? undefined : [{ coding: [{ system: codeSystem.noticeChannel, code: medium }] }],
    basedOn: [{ reference: TASK_URL }],
    subject: patient,
    recipient: [patient],
    sent: now.toISOString(),
    payload: [{ contentString: 'Du har fått et skjema å svare på. Logg inn for å åpne det.' }],
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: PATIENT_URL,
        resource: person,
        request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${number.system}|${number.value}` },
      },
      { fullUrl: TASK_URL, resource: task, request: { method: 'POST', url: 'Task' } },
      ...(medium === undefined
        ? []
        : [{ resource: notice, request: { method: 'POST' as const, url: 'Communication' } }]),
    ],
  };
}

/** As the service does, no FH-number is taken: nobody can be reached by it. @throws FhirError 400 */
function systemOf(nationalId: string): string {
  if (!/^[0-7]\d{10}$/.test(nationalId)) {
    throw fhirError(400, 'value', 'nationalId has to be a fødselsnummer or a D-nummer: eleven digits.');
  }
  return Number(nationalId.charAt(0)) >= 4 ? D_NUMMER : FODSELSNUMMER;
}
