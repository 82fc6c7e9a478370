import type { ResourceText } from '../interactions/types.ts';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { parameterResource } from '../rest/parameters.ts';
import { optionalBody } from '../rest/resource-body.ts';
import { requestOf } from './answer-request.ts';
import { inOneCommit, resourceOf } from './one-commit.ts';
import { pathId, type RightsParts, returned } from './parts.ts';
import { noticeOfAnswer, provenanceOf } from './record.ts';
import { fulfilled, refuseAnswered } from './request.ts';

/**
 * Task/[id]/$rectify: what the patient asked to be put right is replaced by the resource that is sent, by the
 * coordinator's own right to change it; who, when and why stand in a Provenance, and the patient is told. A
 * `meta.versionId` in the resource has to be the current one.
 */
export function rectify({ engine }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    new OperationInput(exchange, ['resource']);
    const body = amended(exchange);
    const { resourceType: type, id: resourceId, meta } = body.resource;
    const task = await inOneCommit(engine, asServer(caller), async (work) => {
      const { task, right, patient } = await requestOf(work.db, caller, id, 'rectify');
      refuseAnswered(task);
      if (right !== 'rectification' || task.focus?.reference !== `${type}/${resourceId}` || resourceId === undefined) {
        throw fhirError(422, 'business-rule', 'The request asks for something else than to put this resource right.');
      }
      if (engine.definitions().patientOf(body.resource) !== patient.id) {
        throw fhirError(422, 'business-rule', 'What is put right stays in the record of its patient.');
      }
      const version = Number(meta?.versionId);
      const { stored, outcome } = await work.interactions.update(
        caller,
        type,
        { id: resourceId },
        body,
        meta?.versionId === undefined ? {} : { ifMatch: version },
      );
      if (outcome === 'unchanged') {
        throw fhirError(422, 'business-rule', 'The resource says the same as before: nothing would be put right.');
      }
      const amendedVersion = resourceOf(stored);
      await work.save(provenanceOf('rectification', caller, patient.id ?? '', [amendedVersion], work.now, task));
      const done = await work.save(fulfilled(task, work.now, { reference: `${type}/${resourceId}` }));
      await work.save(noticeOfAnswer(patient, { reference: `Task/${id}` }));
      return done;
    });
    return returned(exchange, task);
  };
}

/** The resource exactly as it was sent: its decimals too. */
function amended(exchange: Exchange): ResourceText {
  const sent = optionalBody(exchange);
  const body = sent && parameterResource(sent, 'resource');
  if (body === undefined) {
    throw fhirError(400, 'required', 'The parameter resource is needed: the resource as it is to be.');
  }
  return body;
}
