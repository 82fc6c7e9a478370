import type { Patient, Provenance, Resource } from '@medplum/fhirtypes';
import type { Engine } from '../interactions/engine.ts';
import { referringNames } from '../interactions/referrers.ts';
import type { TransactionEntry } from '../interactions/types.ts';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { withReferences } from '../model/json/references.ts';
import type { Queryable } from '../model/queryable.ts';
import { shardOfRid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { codeSystem } from '../registry/names.ts';
import { forgetAccounts } from '../rights/erasure/accounts.ts';
import { inOneCommit, resourceOf, type Work } from '../rights/one-commit.ts';
import { actor } from '../rights/record.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, resourceForm } from '../search/keys.ts';
import { rowsByPostings } from '../store/anchors.ts';
import { isReplaced, mergedPatients } from './merged-patient.ts';

/** What the database does for the two that become one, for callers that may do everything. */
const MERGER: Caller = { name: 'merge of patients', kind: 'bot', access: 'all' };

/** Two records of one person. */
export interface Pair {
  readonly surviving: StoredVersion;
  readonly duplicate: StoredVersion;
}

/**
 * Makes two Patients one, in one commit: all that names the duplicate names the surviving one from now on (ids, courses and
 * shards stay: docs/decisions/0064-locking.md), memberships are settled again, the duplicate is left inactive and says by
 * whom it was replaced. It is the server that moves what others have locked; the audit and a Provenance tell who asked.
 *
 * @param pairOf the two as they are now, judged within the commit
 */
export function merge(engine: Engine, caller: Caller, pairOf: (db: Queryable) => Promise<Pair>): Promise<Patient> {
  return inOneCommit(engine, MERGER, async (work) => {
    const { surviving, duplicate } = await pairOf(work.db);
    // in the order in which everybody takes locks
    for (const { rid } of [surviving, duplicate].sort((a, b) => shardOfRid(a.rid) - shardOfRid(b.rid))) {
      await work.alone(rid);
    }
    work.unit.done.cause = { ...asServer(caller), unbound: true };
    const patients = mergedPatients(resourceOf<Patient>(surviving), resourceOf<Patient>(duplicate));
    if (isReplaced(patients.surviving) || isReplaced(resourceOf<Patient>(duplicate), surviving.id)) {
      throw fhirError(422, 'business-rule', 'One of the two has been replaced by another Patient already.');
    }
    await work.interactions.transaction(MERGER, [
      ...(await moved(engine, work.db, surviving, duplicate)),
      entry(patients.surviving, surviving.version),
      entry(patients.replaced, duplicate.version),
    ]);
    await work.db.query({
      text: 'update account set fhir_user = $2 where fhir_user = $1',
      values: [`Patient/${duplicate.id}`, `Patient/${surviving.id}`],
    });
    // who is signed in as the duplicate signs in again
    await forgetAccounts(work.db, duplicate.id, []);
    const stored = await work.interactions.read(MERGER, 'Patient', surviving.id);
    await tell(work, caller, stored, duplicate);
    return resourceOf<Patient>(stored);
  });
}

/** All that refers to the duplicate, with references to the surviving one in their place. */
async function moved(
  engine: Engine,
  db: Queryable,
  surviving: StoredVersion,
  duplicate: StoredVersion,
): Promise<readonly TransactionEntry[]> {
  const { parameters } = engine.definitions();
  const hashes = referringNames(parameters, 'Patient').map((name) =>
    hash64(keyOf(name, resourceForm('Patient', duplicate.id)), engine.hashSeed),
  );
  const to = `Patient/${surviving.id}`;
  const from = `Patient/${duplicate.id}`;
  const replacements = new Map([
    [from, to],
    [`${engine.baseUrl}/${from}`, to],
  ]);
  const rows = await rowsByPostings(db, hashes);
  return rows
    .filter(({ rid }) => rid !== surviving.rid && rid !== duplicate.rid)
    .flatMap(({ type, id, version, content }) => {
      const text = withReferences(content, replacements);
      const resource = JSON.parse(text) as Resource;
      return text === content
        ? []
        : [{ method: 'PUT' as const, url: `${type}/${id}`, body: { resource, text }, ifMatch: version }];
    });
}

function entry(resource: Patient, ifMatch: number): TransactionEntry {
  return { method: 'PUT', url: `Patient/${resource.id}`, body: { resource, text: JSON.stringify(resource) }, ifMatch };
}

/** Who merged what, in the record of the one who stays. */
async function tell(work: Work, caller: Caller, surviving: StoredVersion, duplicate: StoredVersion): Promise<void> {
  const { agent } = caller;
  await work.save<Provenance>({
    resourceType: 'Provenance',
    target: [{ reference: `Patient/${surviving.id}` }],
    recorded: work.now.toISOString(),
    activity: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle', code: 'merge' }] },
    agent: [
      { ...(agent && { role: [{ coding: [{ system: codeSystem.role, code: agent.role }] }] }), who: actor(caller) },
    ],
    entity: [{ role: 'source', what: { reference: `Patient/${duplicate.id}/_history/${duplicate.version}` } }],
  });
}
