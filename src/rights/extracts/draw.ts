import type { Binary, Organization, Parameters, Questionnaire, ResearchStudy, Resource } from '@medplum/fhirtypes';
import { asServer, type Caller } from '../../model/caller.ts';
import { fhirError } from '../../model/issue.ts';
import { latestAnswer } from '../../registry/course.ts';
import { dateIn } from '../../registry/zone.ts';
import { escaped } from '../../rest/codes/definitions.ts';
import type { Endpoint, Exchange } from '../../rest/exchange.ts';
import { OperationInput } from '../../rest/operation-input.ts';
import { resourceOf } from '../one-commit.ts';
import { pathId, type RightsParts, returned } from '../parts.ts';
import { verifyDetached } from '../signature/detached-jws.ts';
import { SigningKeys } from '../signature/signing-keys.ts';
import { type Approval, approvalOf } from './approval.ts';
import { coordinates, nationalStudies, signedForm } from './approve.ts';
import { csv } from './csv.ts';
import { ageGroup, givenDate } from './dates.ts';
import { type Member, membersOf } from './members.ts';
import { Pseudonyms } from './pseudonym.ts';
import { type Cell, withoutSmallCells } from './small-cells.ts';
import { cellOf, codeBook, type Variable, variablesOf } from './variables.ts';

/** Courses in one extract; a registry of more is drawn by periods. */
const ROWS_MAX = 100_000;

interface Row extends Cell {
  readonly course: string;
  readonly start: string;
  readonly cells: readonly string[];
}

/**
 * ResearchStudy/[id]/$draw-extract: what the approval lets its researcher see, made anew each time from what the registry
 * holds at that moment. Nothing is stored, so nothing has to be taken back when a patient withdraws or is erased.
 */
export function drawExtract({ engine, secrets, zone }: RightsParts): Endpoint {
  const keys = new SigningKeys(secrets);
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    new OperationInput(exchange, []);
    refuseOtherRoles(caller);
    const find = finder(exchange);
    const study = resourceOf<ResearchStudy>(await exchange.context.interactions.read(caller, 'ResearchStudy', id));
    const found = approvalOf(study);
    const verdict =
      found &&
      (await verifyDetached(found.signature, signedForm(id, found.approval), (kid) =>
        keys.publicKey(engine.readers, kid),
      ));
    if (found === undefined || verdict?.valid !== true) {
      throw fhirError(403, 'forbidden', 'This project has no approval that holds.');
    }
    const { approval } = found;
    const studies = await nationalStudies({ find }, approval.registry);
    if (caller.agent?.who !== approval.researcher && !coordinates(caller, studies)) {
      throw fhirError(403, 'forbidden', 'This is not your project.');
    }
    if (study.status !== 'active' || dateIn(engine.clock.now(), zone) > approval.until) {
      throw fhirError(403, 'forbidden', 'The project has ended, or its approval has run out.');
    }
    const variables = await variablesFor(find, approval);
    const pseudonyms = new Pseudonyms(secrets, id);
    const hospitals = new Map(
      (await find<Organization>('Organization', [])).map((each) => [`Organization/${each.id}`, each.name ?? '']),
    );
    const rows: Row[] = [];
    for await (const member of membersOf(engine.readers, studies, (versions) => caller.witness?.saw(versions))) {
      if (isWithin(member, approval)) rows.push(rowOf(member, approval, variables, pseudonyms, hospitals));
      if (rows.length > ROWS_MAX) {
        throw fhirError(422, 'too-costly', `More than ${ROWS_MAX} courses: approve it by periods.`);
      }
    }
    const { rows: safe, generalised, suppressed } = withoutSmallCells(rows, approval.leastCell);
    const header = [
      'patient',
      'course',
      'hospital',
      'sex',
      'age_group',
      'start',
      ...variables.map(({ column }) => column),
    ];
    const lines = safe
      .toSorted((a, b) => (a.course < b.course ? -1 : 1))
      .map((row) => [row.patient, row.course, row.hospital, row.sex, row.ageGroup, row.start, ...row.cells]);
    const parameters: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'data', resource: csvBinary([header, ...lines]) },
        { name: 'code-book', resource: csvBinary(codeBook(variables, datesTold(approval))) },
        { name: 'rows', valueInteger: lines.length },
        { name: 'generalised', valueInteger: generalised },
        { name: 'suppressed', valueInteger: suppressed },
      ],
    };
    return returned(exchange, parameters);
  };
}

/** @throws FhirError 403 */
function refuseOtherRoles({ access, agent }: Caller): void {
  const may = agent?.strength !== 'link' && (agent?.role === 'researcher' || agent?.role === 'sc');
  if (access !== 'all' && (access === 'none' || !may)) {
    throw fhirError(403, 'forbidden', 'Extracts are for researchers with an approved project.');
  }
}

type Find = <R extends Resource>(
  type: R['resourceType'],
  query: readonly (readonly [string, string])[],
) => Promise<R[]>;

/** Definitions and Organizations, with the server's rights. */
function finder({ caller, context }: Exchange): Find {
  const { witness: _, ...server } = asServer(caller);
  return async <R extends Resource>(type: R['resourceType'], query: readonly (readonly [string, string])[]) => {
    const all = [...query, ['_count', '1000'] as const];
    const page = await context.interactions.search(server, type, all, { lenient: false });
    return page.matches.map((stored) => resourceOf<R>(stored));
  };
}

async function variablesFor(find: Find, approval: Approval): Promise<readonly Variable[]> {
  const variables: Variable[] = [];
  for (const url of approval.forms) {
    const versions = await find<Questionnaire>('Questionnaire', [['url', escaped(url)]]);
    // the newest tells the columns; what older versions asked under the same linkId stands in the same column
    const newest = versions.toSorted((a, b) =>
      (b.version ?? '').localeCompare(a.version ?? '', 'en', { numeric: true }),
    )[0];
    if (newest !== undefined) variables.push(...variablesOf(newest, approval));
  }
  return variables;
}

function isWithin({ course }: Member, { from, to }: Approval): boolean {
  const start = course.period?.start?.slice(0, 10);
  return (
    (from === undefined || (start !== undefined && start >= from)) &&
    (to === undefined || (start !== undefined && start <= to))
  );
}

function rowOf(
  { patient, course, responses, patientRid, courseRid }: Member,
  approval: Approval,
  variables: readonly Variable[],
  pseudonyms: Pseudonyms,
  hospitals: ReadonlyMap<string, string>,
): Row {
  const { dates, shiftDays, freeText } = approval;
  const days = pseudonyms.dayShift(patientRid, shiftDays);
  const start = course.period?.start;
  return {
    patient: pseudonyms.of('patient', patientRid),
    course: pseudonyms.of('course', courseRid),
    hospital: hospitals.get(course.managingOrganization?.reference ?? '') ?? '',
    sex: patient.gender ?? '',
    ageGroup: ageGroup(patient.birthDate, start),
    start: start === undefined ? '' : (givenDate(start, dates, days) ?? ''),
    cells: variables.map((variable) => {
      const response = latestAnswer(responses, variable.form);
      const free = freeText && approval.variables.includes(variable.linkId);
      return cellOf(response, variable, free, dates, days);
    }),
  };
}

function csvBinary(rows: readonly (readonly string[])[]): Binary {
  return {
    resourceType: 'Binary',
    contentType: 'text/csv; charset=utf-8; header=present',
    data: Buffer.from(csv(rows)).toString('base64'),
  };
}

function datesTold({ dates, shiftDays }: Approval): string {
  return dates === 'shift' ? `shifted by up to ${shiftDays} days, all of a patient by the same number` : `by ${dates}`;
}
