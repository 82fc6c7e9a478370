import type { Flag } from '@medplum/fhirtypes';
import { asServer } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { shardOfRid } from '../model/rid.ts';
import { isRestriction, rightConcept } from '../registry/patient-right.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized } from './authority.ts';
import { inOneCommit, resourceOf, type Work } from './one-commit.ts';
import { stopOrders } from './open-orders.ts';
import { pathId, type RightsParts, returned, words } from './parts.ts';
import { actor, fulfilRequests, noticeOfAnswer, provenanceOf } from './record.ts';

/**
 * Patient/[id]/$restrict (GDPR, article 18): from this commit on staff and systems see nothing of the record, nothing is
 * asked or sent, what waits for an answer is stopped. The patient sees it as before. A Flag in the record says so.
 */
export function restrict({ engine }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const reason = words(new OperationInput(exchange, ['reason']).text('reason'), 'reason');
    const flag = await inOneCommit(engine, asServer(caller), async (work) => {
      const { patient } = await authorized(work.db, caller, 'restrict', id);
      await work.alone(patient.rid);
      if ((await restrictionsOf(work, id)).length > 0) {
        throw fhirError(422, 'business-rule', 'This record is restricted already.');
      }
      const flag = await work.save<Flag>({
        resourceType: 'Flag',
        status: 'active',
        code: { ...rightConcept('restriction'), text: reason },
        subject: { reference: `Patient/${id}` },
        period: { start: work.now.toISOString() },
        ...(caller.agent?.who.startsWith('Practitioner/') === true ? { author: actor(caller) } : {}),
      });
      await work.db.query({
        text: 'insert into restriction (shard, patient, since) values ($1, $2, $3) on conflict do nothing',
        values: [shardOfRid(patient.rid), patient.rid, work.now.getTime()],
      });
      await stopOrders(work, id, 'restriction', undefined);
      const [request] = await fulfilRequests(work, 'restriction', id);
      await work.save(provenanceOf('restriction', caller, id, [flag], work.now, request));
      await work.save(noticeOfAnswer(resourceOf(patient), request && { reference: `Task/${request.id}` }));
      return flag;
    });
    return returned(exchange, flag);
  };
}

/** Patient/[id]/$lift-restriction: the record is as others are; the patient is told (article 18(3)). */
export function liftRestriction({ engine }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const reason = words(new OperationInput(exchange, ['reason']).text('reason'), 'reason');
    const flag = await inOneCommit(engine, asServer(caller), async (work) => {
      const { patient } = await authorized(work.db, caller, 'restrict', id);
      await work.alone(patient.rid);
      const [restriction] = await restrictionsOf(work, id);
      if (restriction === undefined) {
        throw fhirError(422, 'business-rule', 'This record is not restricted.');
      }
      await work.db.query({
        text: 'delete from restriction where shard = $1 and patient = $2',
        values: [shardOfRid(patient.rid), patient.rid],
      });
      const lifted = await work.save<Flag>({
        ...restriction,
        status: 'inactive',
        code: { ...restriction.code, text: reason },
        period: { ...restriction.period, end: work.now.toISOString() },
      });
      await work.save(provenanceOf('restriction', caller, id, [lifted], work.now));
      await work.save(noticeOfAnswer(resourceOf(patient), undefined));
      return lifted;
    });
    return returned(exchange, flag);
  };
}

async function restrictionsOf(work: Work, patientId: string): Promise<Flag[]> {
  const flags = await work.find<Flag>('Flag', [['patient', `Patient/${patientId}`]]);
  return flags.filter(isRestriction);
}
