import type { OperationOutcome, Patient } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import type { Query } from '../interactions/types.ts';
import { asServer, type Caller, systemCaller } from '../model/caller.ts';
import { fhirError, type Issue, operationOutcome } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import type { Endpoint } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { authorized, reachesWhole } from './authority.ts';
import { type Erased, erase, mentions } from './erasure/erase.ts';
import { recordOf } from './erasure/found.ts';
import { inOneCommit, resourceOf } from './one-commit.ts';
import { pathId, type RightsParts, returned } from './parts.ts';

/** GDPR, article 17(1), and a record that should never have been made. */
const BASES = [
  'no-longer-necessary',
  'consent-withdrawn',
  'objection',
  'unlawful',
  'legal-obligation',
  'entered-in-error',
];

/**
 * Patient/[id]/$erase: for good, in one commit. Who erases has to reach all of the record: what another hospital holds is
 * not theirs to erase.
 */
export function erasePatient({ engine, forget, forgetNotices }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const input = new OperationInput(exchange, ['basis', 'confirm']);
    const basis = input.text('basis') ?? '';
    if (!BASES.includes(basis)) {
      throw fhirError(400, 'value', `basis is one of ${BASES.join(', ')}.`);
    }
    if (input.text('confirm') !== id) {
      throw fhirError(400, 'value', 'confirm has to be the id of the patient: it cannot be undone.');
    }
    const { patient } = await authorized(engine.readers, caller, 'erase', id);
    const mentioned = await mentions(engine, patient);
    const mentionedBefore = new Map<Rid, readonly Rid[]>();
    for (const one of await replacedBy(engine.readers, engine, id)) {
      mentionedBefore.set(one.rid, await mentions(engine, one));
    }
    const erased = await inOneCommit(engine, asServer(caller), async (work) => {
      const { patient } = await authorized(work.db, caller, 'erase', id);
      await refuseOthersParts(work.db, caller, patient.rid);
      const by = caller.agent?.who ?? caller.name;
      const tenant = caller.tenant?.rid;
      const erasing = { by, basis, now: work.now, tenant, forget };
      const replaced = await replacedBy(work.db, engine, id);
      for (const one of replaced) await refuseOthersAdditions(work.db, caller, one.rid);
      const erased = await erase(engine, work.db, patient, mentioned, erasing);
      for (const one of replaced) await erase(engine, work.db, one, mentionedBefore.get(one.rid) ?? [], erasing);
      // before the commit: what is left behind after it would be found by nobody
      await forgetNotices?.(erased.notices);
      return erased;
    });
    return returned(exchange, toldOf(erased));
  };
}

/** @throws FhirError 403 */
async function refuseOthersParts(db: Queryable, caller: Caller, patient: Rid): Promise<void> {
  if (!(await reachesWhole(db, caller, patient))) {
    throw fhirError(403, 'forbidden', 'This record is not yours alone to erase: ask the operator of the server.');
  }
}

/** Records of the same person that this one has replaced: they go with it. */
async function replacedBy(db: Queryable, engine: Engine, id: string): Promise<readonly StoredVersion[]> {
  const query: Query = [['link', `Patient/${id}`]];
  const { matches } = await engine.search(db, systemCaller, 'Patient', query, { lenient: false });
  return matches.filter((stored) =>
    resourceOf<Patient>(stored).link?.some(
      (link) => link.type === 'replaced-by' && link.other.reference === `Patient/${id}`,
    ),
  );
}

/** A record that was replaced is empty, unless somebody has stored more since. @throws FhirError 403 */
async function refuseOthersAdditions(db: Queryable, caller: Caller, patient: Rid): Promise<void> {
  if ((await recordOf(db, patient)).length > 1) await refuseOthersParts(db, caller, patient);
}

function toldOf({ resources, cleaned, duplicates }: Erased): OperationOutcome {
  const told = (diagnostics: string): Issue => ({ severity: 'information', code: 'informational', diagnostics });
  return operationOutcome([
    told(`${resources} resources of the record were erased with all their versions.`),
    told(`${cleaned} resources of others named the patient, and do not any more.`),
    told(
      'Kept: that a patient of this id was erased, when, by whom and why; rows of the audit, which nobody can read any ' +
        'more. Not here and so not erased: the journal of the hospital, and backups until they are replaced.',
    ),
    ...(duplicates === 0
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'multiple-matches' as const,
            diagnostics: `${duplicates} other Patients have the same number: a record of their own, which is still here.`,
          },
        ]),
  ]);
}
