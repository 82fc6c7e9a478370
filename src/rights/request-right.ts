import type { EpisodeOfCare, Organization, Reference, Task } from '@medplum/fhirtypes';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';
import { openTaskStatuses } from '../registry/order.ts';
import { patientRights } from '../registry/patient-right.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized } from './authority.ts';
import { inOneCommit, type Work } from './one-commit.ts';
import { pathId, type RightsParts, returned, wordsMaybe } from './parts.ts';
import { actor } from './record.ts';
import { zoneFor } from './registry-zone.ts';
import { newRequest } from './request.ts';

/** Requests of one patient that may wait at the same time. */
const OPEN_MAX = 20;
const ELEMENT_CHARACTERS_MAX = 200;
/** The request is stored by the server's right: a reference to anything else would tell whether that is there. */
const ORGANIZATION = /^Organization\/[A-Za-z0-9\-.]{1,64}$/;

/** Patient/[id]/$request-right: the patient asks, or staff for the patient. Answers the request with its deadline. */
export function requestRight({ engine, zone }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const input = new OperationInput(exchange, ['right', 'words', 'about', 'element', 'owner']);
    const code = input.text('right');
    const right = patientRights.find((known) => known === code);
    if (right === undefined) {
      throw fhirError(400, 'value', `right is one of ${patientRights.join(', ')}.`);
    }
    const asked = wordsMaybe(input.text('words'), 'words');
    if (right === 'rectification' && asked === undefined) {
      throw fhirError(400, 'required', 'Say in words what is wrong, and what would be right.');
    }
    const about = input.reference('about');
    const element = input.text('element');
    if ((element?.length ?? 0) > ELEMENT_CHARACTERS_MAX) {
      throw fhirError(400, 'too-long', `element may have ${ELEMENT_CHARACTERS_MAX} characters.`);
    }
    const named = input.reference('owner') as Reference<Organization> | undefined;
    if (named !== undefined && !ORGANIZATION.test(named.reference ?? '')) {
      throw fhirError(400, 'value', 'owner is the hospital that is to answer, as Organization/id.');
    }
    const { patient } = await authorized(engine.readers, caller, 'request', id);
    if (about !== undefined) {
      await refuseOthers(exchange.context.interactions.read, caller, about, id, engine.definitions().patientOf);
    }
    const task = await inOneCommit(engine, asServer(caller), async (work) => {
      await work.alone(patient.rid);
      await refuseTooMany(work, id);
      const owner = named ?? (await hospitalOf(work, id));
      const requester = actor(caller);
      const asking = {
        right,
        patient: { reference: `Patient/${id}` },
        requester,
        owner,
        words: asked,
        focus: about,
        element,
      };
      return work.save(newRequest(asking, work.now, await zoneFor(work, owner, zone)));
    });
    return returned(exchange, task);
  };
}

/** What a request is about has to be of the patient's record, and readable for who asks. @throws FhirError 404, 422 */
async function refuseOthers(
  read: Parameters<Endpoint>[0]['context']['interactions']['read'],
  caller: Parameters<typeof read>[0],
  about: Reference,
  patientId: string,
  patientOf: (resource: ReturnType<typeof JSON.parse>) => string | undefined,
): Promise<void> {
  const [type = '', id = '', ...more] = about.reference?.split('/') ?? [];
  if (more.length > 0 || id === '') {
    throw fhirError(400, 'value', 'about names a resource of this server, as Type/id.');
  }
  const { content } = await read(caller, type, id);
  if (patientOf(JSON.parse(content)) !== patientId) {
    throw fhirError(422, 'business-rule', 'about has to be something of the record of this patient.');
  }
}

async function refuseTooMany(work: Work, patientId: string): Promise<void> {
  const open = await work.find('Task', [
    ['patient', `Patient/${patientId}`],
    ['code', `${codeSystem.patientRight}|`],
    ['status', openTaskStatuses.join(',')],
  ]);
  if (open.length >= OPEN_MAX) {
    throw fhirError(422, 'too-costly', `${OPEN_MAX} requests wait for their answer; no more are taken until then.`);
  }
}

/** The hospital of the patient's latest course. */
async function hospitalOf(work: Work, patientId: string): Promise<Task['owner']> {
  const courses = await work.find<EpisodeOfCare>('EpisodeOfCare', [['patient', `Patient/${patientId}`]]);
  const latest = courses.toSorted((a, b) => (b.period?.start ?? '').localeCompare(a.period?.start ?? ''))[0];
  return latest?.managingOrganization;
}
