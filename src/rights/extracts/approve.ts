import type { PlanDefinition, ResearchStudy } from '@medplum/fhirtypes';
import canonicalize from 'canonicalize';
import { asServer, type Caller } from '../../model/caller.ts';
import { fhirError } from '../../model/issue.ts';
import { parseDate } from '../../registry/zone.ts';
import type { Endpoint } from '../../rest/exchange.ts';
import { OperationInput } from '../../rest/operation-input.ts';
import { inOneCommit, resourceOf, type Work } from '../one-commit.ts';
import { pathId, type RightsParts, returned } from '../parts.ts';
import { signDetached } from '../signature/detached-jws.ts';
import { SigningKeys } from '../signature/signing-keys.ts';
import { type Approval, withApproval } from './approval.ts';
import { dateHandlings } from './dates.ts';

const FORMS_MAX = 50;
const VARIABLES_MAX = 500;
/** Less hides no birthday or holiday, more makes seasons meaningless. */
const SHIFT_DAYS = { least: 7, usual: 90, most: 365 };
const CELL = { least: 5, most: 100 };

/**
 * ResearchStudy/[id]/$approve-extract: the national coordinator approves what a project may see. Only a coordinator of that
 * registry, and only with the server's signature: an approval that is written into the ResearchStudy otherwise holds for
 * nothing. Another takes the place of the one before.
 */
export function approveExtract({ engine, secrets }: RightsParts): Endpoint {
  const keys = new SigningKeys(secrets);
  return async (exchange) => {
    const { caller } = exchange;
    const id = pathId(exchange);
    const terms = termsIn(exchange);
    const study = await inOneCommit(engine, asServer(caller), async (work) => {
      await refuseOtherRegistries(work, caller, terms.registry);
      const stored = await work.interactions.read(asServer(caller), 'ResearchStudy', id);
      const study = resourceOf<ResearchStudy>(stored);
      const researcher = study.principalInvestigator?.reference;
      if (researcher?.startsWith('Practitioner/') !== true || study.status !== 'active') {
        const needed = 'A project needs status active and a principalInvestigator who is a Practitioner here.';
        throw fhirError(422, 'business-rule', needed, 'ResearchStudy.principalInvestigator');
      }
      const approvedBy = caller.agent?.who ?? caller.name;
      const approval = { ...terms, researcher, approvedBy, approvedAt: work.now.toISOString() };
      const { key, kid } = await keys.current(work.db, work.now);
      const signer = {
        who: approvedBy,
        role: caller.agent?.role ?? caller.kind,
        strength: caller.agent?.strength ?? 'none',
        client: caller.agent?.client ?? caller.name,
        text: terms.registry,
        at: approval.approvedAt,
      };
      return work.save(withApproval(study, approval, await signDetached(signedForm(id, approval), signer, key, kid)));
    });
    return returned(exchange, study);
  };
}

/** What is signed of an approval: itself and the project that it is for. */
export function signedForm(project: string, approval: Approval): string {
  return canonicalize({ project, ...approval }) ?? '';
}

/** @throws FhirError 403 where the caller does not coordinate this registry, 422 where it is none with a national part */
export async function refuseOtherRegistries(work: Work, caller: Caller, registry: string): Promise<void> {
  const nationals = await nationalStudies(work, registry);
  if (!coordinates(caller, nationals)) {
    throw fhirError(403, 'forbidden', 'This is for the national coordinator of the registry.');
  }
  if (nationals.length === 0) {
    throw fhirError(422, 'not-found', 'There is no national registry with this canonical.');
  }
}

/** Ids of the national studies of a registry: those that studies of its protocol are part of. */
export async function nationalStudies(work: Pick<Work, 'find'>, registry: string): Promise<readonly string[]> {
  const plans = await work.find<PlanDefinition>('PlanDefinition', [['url', registry]]);
  const studies: ResearchStudy[] = [];
  for (const { id } of plans) {
    studies.push(...(await work.find<ResearchStudy>('ResearchStudy', [['protocol', `PlanDefinition/${id}`]])));
  }
  const whole = new Set(studies.flatMap(({ partOf }) => (partOf ?? []).flatMap(({ reference }) => reference ?? [])));
  return studies.flatMap(({ id }) => (whole.has(`ResearchStudy/${id}`) && id !== undefined ? [id] : []));
}

/** Whether a caller is the national coordinator of one of these registries. */
export function coordinates({ access, agent }: Caller, nationals: readonly string[]): boolean {
  if (typeof access === 'string') return access === 'all';
  const labels = access.rules.flatMap(({ ties }) => ties?.labels ?? []);
  return (
    agent?.role === 'sc' && agent.strength !== 'link' && nationals.some((id) => labels.includes(`ResearchStudy/${id}`))
  );
}

function termsIn(exchange: Parameters<Endpoint>[0]): Omit<Approval, 'researcher' | 'approvedBy' | 'approvedAt'> {
  const names = [
    'registry',
    'form',
    'variable',
    'free-text',
    'from',
    'to',
    'dates',
    'shift-days',
    'least-cell',
    'until',
  ];
  const input = new OperationInput(exchange, names);
  const registry = input.text('registry');
  const forms = input.texts('form');
  const variables = input.texts('variable');
  const dates = dateHandlings.find((known) => known === input.text('dates'));
  const until = dateIn(input, 'until');
  const from = dateIn(input, 'from');
  const to = dateIn(input, 'to');
  if (registry === undefined || forms.length === 0 || dates === undefined || until === undefined) {
    throw fhirError(400, 'required', `registry, form, until and dates (${dateHandlings.join(', ')}) are needed.`);
  }
  if (forms.length > FORMS_MAX || variables.length > VARIABLES_MAX || forms.some((form) => form.includes('|'))) {
    const limits = `At most ${FORMS_MAX} forms, by canonical without version, and ${VARIABLES_MAX} variables.`;
    throw fhirError(400, 'too-long', limits);
  }
  const shiftDays = input.count('shift-days') ?? SHIFT_DAYS.usual;
  const leastCell = input.count('least-cell') ?? CELL.least;
  if (shiftDays < SHIFT_DAYS.least || shiftDays > SHIFT_DAYS.most) {
    throw fhirError(400, 'value', `shift-days is from ${SHIFT_DAYS.least} to ${SHIFT_DAYS.most}.`);
  }
  if (leastCell < CELL.least || leastCell > CELL.most) {
    throw fhirError(400, 'value', `least-cell is from ${CELL.least} to ${CELL.most}.`);
  }
  return {
    registry,
    forms,
    variables,
    freeText: input.boolean('free-text') ?? false,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    dates,
    shiftDays,
    leastCell,
    until,
  };
}

function dateIn(input: OperationInput, name: string): string | undefined {
  const given = input.one(name);
  const text = given?.valueDate ?? given?.valueString;
  if (given !== undefined && (text === undefined || parseDate(text) === undefined)) {
    throw fhirError(400, 'value', `${name} is a date, such as 2026-12-31.`);
  }
  return text;
}
