import { isDeepStrictEqual } from 'node:util';
import type { Extension, Resource, Task } from '@medplum/fhirtypes';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { isHistoric } from '../registry/historic.ts';
import { extensionUrl } from '../registry/names.ts';
import { isFinal, isProtocolOrder } from '../registry/order.ts';
import { isOfRight } from '../registry/patient-right.ts';

/**
 * What clients may not say of themselves or for the server (attack list A11: forged audit, provenance, authorship and
 * the server's own marks). Pure: asks nothing of the database.
 */

/** Someone who has signed in, or a system; not the server's own tools. */
function isClient({ kind, access, agent }: Caller): boolean {
  return kind === 'client' && (access !== 'all' || agent !== undefined);
}

/**
 * Refuses a version that is not the caller's to give.
 * @param before what it supersedes
 * @throws FhirError 403, 422
 */
export function refuseForged(caller: Caller, resource: Resource, before: Resource | undefined): void {
  refuseMarks(caller, resource, before);
  if (!isClient(caller)) {
    return;
  }
  refuseServersOwn(resource.resourceType);
  refuseApprovals(resource, before);
  refuseRights(resource);
  if (before !== undefined) {
    refuseRights(before);
  }
  refuseOrders(resource, before);
  if (resource.resourceType === 'Provenance') {
    if (before !== undefined) {
      throw forbidden('A Provenance, once stored, is not changed: it tells what was done.');
    }
    const agents = resource.agent.map(({ who }) => who.reference);
    const others = agents.filter((who) => who !== caller.agent?.who && who !== onBehalf(caller));
    if (others.length > 0 || agents.length === 0) {
      throw forbidden('A Provenance may name nobody but who sends it as agent.', 'Provenance.agent');
    }
    if (resource.signature?.some(({ who }) => who.reference !== caller.agent?.who) === true) {
      throw forbidden('A Provenance may hold no signature but of who sends it.', 'Provenance.signature');
    }
  }
  const who = caller.agent?.who;
  if (resource.resourceType === 'QuestionnaireResponse' && who !== undefined && isPatientOrRelative(who)) {
    const previous = before?.resourceType === 'QuestionnaireResponse' ? before : undefined;
    for (const element of ['author', 'source'] as const) {
      const named = resource[element];
      const own = named?.reference === who || named?.reference?.startsWith('RelatedPerson/') === true;
      if (named !== undefined && !own && !isDeepStrictEqual(named, previous?.[element])) {
        const text = 'Who answers may name nobody but themselves or who helps them as author or source.';
        throw forbidden(text, `QuestionnaireResponse.${element}`);
      }
    }
  }
}

/** @throws FhirError 403 */
export function refuseForgedDeletion(caller: Caller, resource: Resource): void {
  const { resourceType } = resource;
  if (isClient(caller)) {
    refuseServersOwn(resourceType);
    refuseRights(resource);
    if (resource.resourceType === 'Task' && isProtocolOrder(resource)) {
      throw forbidden(ORDER);
    }
    if (resourceType === 'Provenance') {
      throw forbidden('A Provenance, once stored, is not deleted: it tells what was done.');
    }
  }
}

/** A deadline is not moved, and a restriction not lifted, by writing resources: operations do it, with all that follows. */
function refuseRights(resource: Resource): void {
  if (isOfRight(resource)) {
    throw forbidden('What a patient asked for or has by right is changed by its operation only.');
  }
}

/**
 * The order of a patient's form follows from its course; what people decide of it, operations do. Notes are for all who may
 * write it. One whose form is locked is judged by the bot locked-form.
 */
function refuseOrders(resource: Resource, before: Resource | undefined): void {
  if (resource.resourceType !== 'Task') {
    return;
  }
  const previous = before?.resourceType === 'Task' ? before : undefined;
  if (previous === undefined || !isProtocolOrder(previous)) {
    if (isProtocolOrder(resource)) throw forbidden(ORDER, 'Task.identifier');
    return;
  }
  if (!isFinal(previous) && !isDeepStrictEqual(withoutNotes(resource), withoutNotes(previous))) {
    throw forbidden(ORDER);
  }
}

const ORDER = "The order of a patient's form is changed by its operations only; notes may be added.";

function withoutNotes({ note: _, meta: __, lastModified: ___, ...rest }: Task): unknown {
  return rest;
}

/** An approval of an extract is signed, and so is the wider one before it: neither is put back by writing it. */
function refuseApprovals(resource: Resource, before: Resource | undefined): void {
  const given = approvals(resource);
  if (given.length > 0 && !isDeepStrictEqual(given, approvals(before))) {
    throw forbidden('What a project may see is approved by $approve-extract only.', 'ResearchStudy.extension');
  }
}

function approvals(resource: Resource | undefined): readonly Extension[] {
  return resource?.resourceType === 'ResearchStudy'
    ? (resource.extension ?? []).filter(({ url }) => url === extensionUrl.extractApproval)
    : [];
}

function refuseServersOwn(type: string): void {
  if (type === 'AuditEvent') {
    throw forbidden('Only the server writes AuditEvents; nobody changes or deletes them.');
  }
}

/**
 * The mark of historic data lets retired forms pass and stops all sending: only `svar load --historic` gives it, and
 * what has it keeps it.
 */
function refuseMarks(caller: Caller, resource: Resource, before: Resource | undefined): void {
  if (caller.kind !== 'client') {
    return;
  }
  const at = `${resource.resourceType}.meta.tag`;
  if (isHistoric(resource) && !isHistoric(before)) {
    throw fhirError(422, 'business-rule', 'Only a load of historic data may mark a resource as historic.', at);
  }
  if (isClient(caller) && isHistoric(before) && !isHistoric(resource)) {
    throw fhirError(422, 'business-rule', 'The mark of historic data stays on what came by such a load.', at);
  }
}

/** A hospital's system may speak for its hospital. */
function onBehalf({ agent, tenant }: Caller): string | undefined {
  return agent?.who.startsWith('Device/') === true ? tenant?.reference : undefined;
}

function isPatientOrRelative(who: string): boolean {
  return who.startsWith('Patient/') || who.startsWith('RelatedPerson/');
}

function forbidden(text: string, ...expression: string[]): Error {
  return fhirError(403, 'forbidden', text, ...expression);
}
