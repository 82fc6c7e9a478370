import type { Questionnaire } from '@medplum/fhirtypes';
import { changesOfMeaning, type Difference } from '../forms/diff/difference.ts';
import { systemCaller } from '../model/caller.ts';
import { error, FhirError } from '../model/issue.ts';
import type { Queryable } from '../model/queryable.ts';
import { typeNumber } from '../model/resource-types.ts';
import type { StoredVersion } from '../model/stored.ts';
import { hash64 } from '../search/hash64.ts';
import { keyOf, paramName, uriForm } from '../search/keys.ts';
import { urlName } from '../search/parameters/url-name.ts';
import { lockCriteria } from '../store/locks.ts';
import { findByToken } from '../store/read.ts';
import type { Change, Engine } from './engine.ts';

/** More differences than a person reads at once are only counted. */
const TOLD_MAX = 20;

/** Whether a change is judged in the light of the responses and the other versions that are stored. */
export function isFormVersion(change: Change): boolean {
  return change.type === 'Questionnaire';
}

/**
 * Refuses what would take their meaning from responses, or make it uncertain: a second Questionnaire of the same url and
 * version; a change of substance, another url or version, or the deletion of one that has responses. To be called after
 * the writes, within their transaction, with the Questionnaires' target locks held alone: a response that is being
 * written at the same time waits, and is judged again by what is there then.
 *
 * @throws FhirError 422, or 409 for a deletion
 */
export async function refuseFormVersions(engine: Engine, db: Queryable, changes: readonly Change[]): Promise<void> {
  const forms = changes.filter(isFormVersion);
  for (const change of forms.toSorted((a, b) => (canonicalOf(a) < canonicalOf(b) ? -1 : 1))) {
    const next = change.resource as Questionnaire;
    const previous = change.previous as Questionnaire | undefined;
    if (change.interaction === 'delete') {
      if (await hasResponses(engine, db, next)) {
        throw new FhirError(409, [
          error('conflict', 'Responses to this Questionnaire are stored: they would be without it. Retire it instead.'),
        ]);
      }
      continue;
    }
    await refuseTwin(engine, db, next);
    if (previous !== undefined) {
      await refuseOtherMeaning(engine, db, previous, next);
    }
  }
}

function canonicalOf(change: Change): string {
  const { url = '', version = '' } = change.resource as Questionnaire;
  return `${url}|${version}`;
}

async function refuseTwin(engine: Engine, db: Queryable, { url, version }: Questionnaire): Promise<void> {
  if (url === undefined) return;
  await lockCriteria(db, `Questionnaire\n${url}\n${version ?? ''}`);
  const same = (await formsOfUrl(engine.hashSeed, db, url)).filter((one) => one.version === version);
  if (same.length > 1) {
    const which = version === undefined ? 'without version' : `of version ${version}`;
    throw new FhirError(422, [
      error('duplicate', `A Questionnaire with this url ${which} is stored already.`, 'Questionnaire.version'),
    ]);
  }
}

async function refuseOtherMeaning(
  engine: Engine,
  db: Queryable,
  previous: Questionnaire,
  next: Questionnaire,
): Promise<void> {
  const moved = previous.url !== next.url || previous.version !== next.version;
  const changes = changesOfMeaning(previous, next);
  if ((!moved && changes.length === 0) || !(await hasResponses(engine, db, previous))) {
    return;
  }
  if (moved) {
    throw new FhirError(422, [
      error(
        'business-rule',
        'Responses to this version of the Questionnaire are stored. Store the new version beside it, with an id of its own.',
        'Questionnaire.version',
      ),
    ]);
  }
  throw new FhirError(422, [
    ...changes.slice(0, TOLD_MAX).map(changeIssue),
    ...(changes.length > TOLD_MAX
      ? [error('business-rule', `And ${changes.length - TOLD_MAX} more differences.`, 'Questionnaire')]
      : []),
  ]);
}

function changeIssue({ linkId, element, kind }: Difference) {
  const where = linkId === undefined ? 'the form' : `item '${linkId}'`;
  return error(
    'business-rule',
    `Responses to this version are stored: in ${where}, ${element} may not be ${kind}. Give the changed form a new version and an id of its own.`,
    linkId === undefined ? 'Questionnaire' : `Questionnaire.descendants().where(linkId = '${linkId}')`,
  );
}

/** Whether responses to a version of a form are stored. One that names no version may have been given to any: it counts for all. */
export async function hasResponses(engine: Engine, db: Queryable, { url, version }: Questionnaire): Promise<boolean> {
  if (url === undefined) return false;
  const param = engine.definitions().parameters.get('QuestionnaireResponse', 'questionnaire');
  if (param === undefined) {
    throw new Error('R4 has a search parameter QuestionnaireResponse.questionnaire');
  }
  const hash = (canonical: string): string => hash64(keyOf(paramName(param), uriForm(canonical)), engine.hashSeed);
  const others = (await formsOfUrl(engine.hashSeed, db, url)).flatMap((one) =>
    one.version === undefined || one.version === version ? [] : [hash(`${url}|${one.version}`)],
  );
  const { rows } = await db.query({
    name: 'form_has_responses',
    text: `select 1 from token_idx t where t.h = $1
        and not exists (select 1 from token_idx o where o.h = any($2::int8[]) and o.rid = t.rid)
        and exists (select 1 from resource r where r.shard = ((t.rid >> 10) & 4095)::int2 and r.rid = t.rid
          and r.type = $3 and not r.deleted)
      limit 1`,
    values: [hash(url), others, typeNumber('QuestionnaireResponse')],
  });
  return rows.length > 0;
}

/** All versions of a form that are stored. @param hashSeed setting hash_seed */
export async function formsOfUrl(hashSeed: string, db: Queryable, url: string): Promise<readonly Questionnaire[]> {
  const h = hash64(keyOf(urlName('Questionnaire'), uriForm(url)), hashSeed);
  const stored: readonly StoredVersion[] = await findByToken(db, systemCaller, 'Questionnaire', h);
  return stored.map(({ content }) => JSON.parse(content) as Questionnaire).filter((one) => one.url === url);
}
