import type { AuditEvent, Binary, Bundle, CodeSystem, Patient, Questionnaire, Resource } from '@medplum/fhirtypes';
import { asServer, type Caller } from '../model/caller.ts';
import { fhirError } from '../model/issue.ts';
import { type Language, languageOfTag, languages } from '../model/language.ts';
import { resourceTypes } from '../model/resource-types.ts';
import type { Rid } from '../model/rid.ts';
import type { StoredVersion } from '../model/stored.ts';
import { toStoredVersion, type VersionRow, versionColumns } from '../model/version-row.ts';
import { patientLanguage } from '../registry/patient-language.ts';
import { escaped } from '../rest/codes/definitions.ts';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { Reading } from '../store/reading.ts';
import { authorized } from './authority.ts';
import { Displays, namedIn, systemsIn } from './document/displays.ts';
import { documentHtml } from './document/document.ts';
import { words } from './document/words.ts';
import { resourceOf } from './one-commit.ts';
import { pathId, type RightsParts, returned } from './parts.ts';

/** Versions in one answer; no record comes near. */
const VERSIONS_MAX = 50_000;
/** Who has seen the record: the latest so many. */
const SEEN_MAX = 1000;

/**
 * Patient/[id]/$my-data (GDPR, article 15): everything of the record, as a Bundle or as a document to read. The patient
 * gets all of it; staff get, on the patient's behalf, what they may read themselves.
 */
export function myData({ engine, zone }: RightsParts): Endpoint {
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const input = new OperationInput(exchange, ['as', 'language', 'history']);
    const as = input.text('as') ?? 'bundle';
    if (as !== 'bundle' && as !== 'document') {
      throw fhirError(400, 'value', 'as is bundle or document.');
    }
    const { patient, inPerson } = await authorized(engine.readers, caller, 'see-all', id);
    const reader = inPerson ? ofRecord(caller, patient.rid) : caller;
    const history = as === 'bundle' && input.boolean('history') === true;
    const versions = await recordFor(reader, patient.rid, history, engine);
    if (versions.length === 0) {
      throw fhirError(404, 'not-found', 'There is no such Patient.'); // restricted since, to staff
    }
    caller.witness?.saw(versions);
    if (as === 'bundle') {
      return returned(exchange, bundleOf(versions, exchange.request.baseUrl, engine.clock.now()));
    }
    const person = resourceOf<Patient>(patient);
    const language = languageFor(input.text('language'), exchange, person);
    const resources = versions.map((stored) => resourceOf(stored));
    const { form, displays } = await definitionsFor(exchange, resources, language, zone, id);
    const text = documentHtml({
      language,
      made: displays.text(engine.clock.now().toISOString()),
      resources,
      form,
      displays,
      // who else has looked is the patient's own to know
      seen: inPerson || caller.access === 'all' ? await seenOf(exchange, id) : undefined,
    });
    const binary: Binary = {
      resourceType: 'Binary',
      contentType: 'text/html; charset=utf-8',
      securityContext: { reference: `Patient/${id}` },
      data: Buffer.from(text).toString('base64'),
    };
    return returned(exchange, binary);
  };
}

/** The patient, for a moment, with the right to read all of the own record: policies may leave out types. */
function ofRecord(caller: Caller, patient: Rid): Caller {
  const rules = [{ types: resourceTypes, acts: ['read'] as const, patient }];
  return { ...caller, access: { key: `record ${patient}`, rules } };
}

async function recordFor(
  reader: Caller,
  patient: Rid,
  history: boolean,
  { readers }: RightsParts['engine'],
): Promise<readonly StoredVersion[]> {
  const reading = new Reading(reader, [patient, VERSIONS_MAX]);
  const current = `select ${versionColumns('r')} from resource r
    where r.patient = $1 and not r.deleted and ${reading.permitted('read', 'r')}`;
  const superseded = `select ${versionColumns('h')} from history h
    where h.patient = $1 and not h.deleted and ${history ? reading.permitted('read', 'h', { rows: 'superseded' }) : 'false'}`;
  const { rows } = await readers.query<VersionRow>(
    reading.unprepared(`${current} union all ${superseded} order by rid, version limit $2::int8 + 1`),
  );
  if (rows.length > VERSIONS_MAX) {
    throw fhirError(422, 'too-costly', `The record has more than ${VERSIONS_MAX} versions; ask without history.`);
  }
  return rows.map(toStoredVersion);
}

function bundleOf(versions: readonly StoredVersion[], baseUrl: string, now: Date): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: now.toISOString(),
    ...(versions.length === 0
      ? {}
      : {
          entry: versions.map((stored) => ({
            fullUrl: `${baseUrl}/${stored.type}/${stored.id}`,
            resource: resourceOf(stored),
          })),
        }),
  };
}

function languageFor(given: string | undefined, { caller }: Exchange, patient: Patient): Language {
  const asked = given === undefined ? undefined : languageOfTag(given);
  if (given !== undefined && asked === undefined) {
    throw fhirError(400, 'value', `language is one of ${languages.join(', ')}.`);
  }
  return asked ?? caller.language ?? languageOfTag(patientLanguage(patient)) ?? 'nb';
}

/** Forms and code systems that the record names. */
async function definitionsFor(
  exchange: Exchange,
  resources: readonly Resource[],
  language: Language,
  zone: string,
  patientId: string,
) {
  const forms = new Map<string, Questionnaire>();
  for (const canonical of new Set(
    resources.flatMap((each) => ('questionnaire' in each ? (each.questionnaire ?? []) : [])),
  )) {
    if (typeof canonical !== 'string') continue;
    const [url = '', version] = canonical.split('|');
    const found = await searched<Questionnaire>(exchange, 'Questionnaire', [['url', escaped(url)]]);
    const form = found.find((each) => version === undefined || each.version === version) ?? found[0];
    if (form !== undefined) forms.set(canonical, form);
  }
  const codeSystems: CodeSystem[] = [];
  for (const system of systemsIn(resources)) {
    codeSystems.push(...(await searched<CodeSystem>(exchange, 'CodeSystem', [['url', escaped(system)]])));
  }
  const names = new Map([[`Patient/${patientId}`, words[language].you]]);
  for (const reference of namedIn(resources)) {
    const [type = '', id = ''] = reference.split('/');
    const [found] = await searched(exchange, type as 'Organization', [['_id', id]]);
    const name = found && nameOf(found);
    if (name !== undefined) names.set(reference, name);
  }
  return {
    form: (canonical: string) => forms.get(canonical),
    displays: new Displays(language, codeSystems, names, zone),
  };
}

/** What a hospital, a registry or somebody of the staff is called. */
function nameOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Practitioner') {
    const { text, given = [], family = '' } = resource.name?.[0] ?? {};
    return text ?? ([...given, family].join(' ').trim() || undefined);
  }
  const candidates = ['title' in resource ? resource.title : undefined, 'name' in resource ? resource.name : undefined];
  return candidates.find((each) => typeof each === 'string');
}

async function seenOf(exchange: Exchange, patientId: string): Promise<readonly AuditEvent[]> {
  return searched<AuditEvent>(exchange, 'AuditEvent', [
    ['patient', `Patient/${patientId}`],
    ['_sort', '-date'],
  ]);
}

/** What the server knows: definitions, and what the audit tells of this patient. */
async function searched<R extends Resource>(
  { caller, context }: Exchange,
  type: R['resourceType'],
  query: readonly (readonly [string, string])[],
): Promise<readonly R[]> {
  const { witness: _, ...server } = asServer(caller);
  const all = [...query, ['_count', String(SEEN_MAX)] as const];
  const page = await context.interactions.search(server, type, all, { lenient: false });
  return page.matches.map((stored) => resourceOf<R>(stored));
}
