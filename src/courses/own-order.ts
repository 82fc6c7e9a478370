import type { Provenance, Task } from '@medplum/fhirtypes';
import { mayAtAll } from '../access/predicate.ts';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { codeSystem } from '../registry/names.ts';
import { awaitsPatient } from '../registry/order.ts';
import type { PatientWord } from '../registry/patient-word.ts';
import { resourceOf, type Work } from '../rights/one-commit.ts';
import { actor } from '../rights/record.ts';
import { read } from '../store/read.ts';
import { reaches } from './authority.ts';

/**
 * The one place that decides who may say of an order that it is not answered, or later: the patient whose it is, by a
 * personal link too, whose token lets them write answers. Keeps all others from writing in the record until the commit.
 *
 * @throws FhirError 403 where it is not theirs to say, or the token was given too little; 404 where it is out of reach
 */
export async function ownOrder(work: Work, caller: Caller, id: string): Promise<Task> {
  if (caller.agent?.role !== 'patient') throw fhirError(403, 'forbidden', 'This is for the patient to say.');
  const before = await read(work.db, asServer(caller), 'Task', id);
  if (before === undefined || before.deleted || !(await reaches(work.db, caller, before))) {
    throw fhirError(404, 'not-found', 'There is no such Task.');
  }
  await work.alone(before.rid);
  const now = await read(work.db, asServer(caller), 'Task', id);
  const task = now === undefined || now.deleted ? undefined : resourceOf<Task>(now);
  if (task?.for?.reference !== caller.agent.who) throw fhirError(404, 'not-found', 'There is no such Task.');
  if (awaitsPatient(task) && !mayAtAll(caller, 'create', 'QuestionnaireResponse')) {
    throw fhirError(403, 'forbidden', 'This program was not given enough to do this for you.');
  }
  return task;
}

/** Stores what the patient said of an order, and a Provenance that tells who said it and when. */
export async function said(work: Work, caller: Caller, word: PatientWord, order: Task): Promise<Task> {
  const stored = await work.save(order);
  await work.save<Provenance>({
    resourceType: 'Provenance',
    // the patient too: so it is part of the patient's record
    target: [
      { reference: `Task/${stored.id}/_history/${stored.meta?.versionId}` },
      ...(stored.for?.reference === undefined ? [] : [{ reference: stored.for.reference }]),
    ],
    recorded: work.now.toISOString(),
    activity: { coding: [{ system: codeSystem.patientWord, code: word }] },
    agent: [{ role: [{ coding: [{ system: codeSystem.role, code: 'patient' }] }], who: actor(caller) }],
  });
  return stored;
}
