import { mayAtAll } from '../access/predicate.ts';
import { existing } from '../interactions/writes.ts';
import type { Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import type { Operation } from '../rest/operations.ts';
import { reachesWhole } from '../rights/authority.ts';
import { pathId, type RightsParts, returned } from '../rights/parts.ts';
import { read } from '../store/read.ts';
import { merge } from './merge.ts';

/** The roles that may say that two records are one person's; whoever may do everything, may this. */
const ROLES = ['lc', 'ehr'];

/** Patient/[id]/$merge. Definition in fhir/operations. */
export function populationOperations(parts: Pick<RightsParts, 'engine'>): readonly Operation[] {
  return [
    {
      code: 'merge',
      definition: 'https://svar.example.org/fhir/OperationDefinition/Patient-merge',
      levels: ['instance'],
      types: ['Patient'],
      affectsState: true,
      endpoint: mergePatients(parts),
    },
  ];
}

function mergePatients({ engine }: Pick<RightsParts, 'engine'>): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const given = new OperationInput(exchange, ['duplicate']).reference('duplicate')?.reference;
    const duplicateId = /^(?:Patient\/)?([A-Za-z0-9.-]{1,64})$/.exec(given ?? '')?.[1];
    if (duplicateId === undefined) {
      throw fhirError(400, 'required', 'The parameter duplicate is needed: a reference to the Patient that is to go.');
    }
    if (duplicateId === id) {
      throw fhirError(422, 'business-rule', 'A Patient is no duplicate of itself.');
    }
    refuseRole(caller);
    const patient = await merge(engine, caller, async (db) => ({
      surviving: await reached(db, caller, id),
      duplicate: await wholly(db, caller, await reached(db, caller, duplicateId)),
    }));
    return returned(exchange, patient);
  };
}

/** @throws FhirError 403 */
function refuseRole(caller: Caller): void {
  const { access, agent } = caller;
  if (access !== 'all' && (!ROLES.includes(agent?.role ?? '') || !mayAtAll(caller, 'update', 'Patient'))) {
    throw fhirError(403, 'forbidden', 'This is not for your role to do.');
  }
}

/** A record that is restricted is none that somebody else than its patient reaches. @throws FhirError 404, 410 */
async function reached(db: Queryable, caller: Caller, id: string): Promise<StoredVersion> {
  return existing(await read(db, caller, 'Patient', id), 'Patient');
}

/** @throws FhirError 403 where others hold a part of what would be moved */
async function wholly(db: Queryable, caller: Caller, duplicate: StoredVersion): Promise<StoredVersion> {
  if (!(await reachesWhole(db, caller, duplicate.rid))) {
    throw fhirError(403, 'forbidden', 'Others hold a part of this record too: ask the operator of the server.');
  }
  return duplicate;
}
