import type { Questionnaire, Reference } from '@medplum/fhirtypes';
import { fhirError } from '../../model/issue.ts';
import { byCanonical, definitions, escaped } from '../codes/definitions.ts';
import type { Exchange } from '../exchange.ts';
import type { OperationInput } from '../operation-input.ts';

const LITERAL = /^Questionnaire\/([A-Za-z0-9\-.]{1,64})$/;

/** The parameters by which an operation of SDC is told its form. */
export const FORM_NAMES = ['identifier', 'canonical', 'url', 'questionnaire', 'questionnaireRef'] as const;

/**
 * The form that an operation is asked for, as the caller may read it: by the path, by canonical, identifier or reference,
 * or sent whole. SDC 4 takes any of the last in `questionnaire`; earlier versions had a parameter for each.
 *
 * @throws FhirError 400 where none or several are named, 404 where it is not known here
 */
export async function askedQuestionnaire(exchange: Exchange, input: OperationInput): Promise<Questionnaire> {
  const { route } = exchange;
  if (route.kind === 'operation' && route.id !== undefined) {
    return readQuestionnaire(exchange, route.id);
  }
  const [name, another] = FORM_NAMES.filter((each) => input.one(each) !== undefined);
  if (name === undefined || another !== undefined) {
    const diagnostics = `Name one form, by one of ${FORM_NAMES.join(', ')}, or by the id in the path.`;
    throw fhirError(400, name === undefined ? 'required' : 'invalid', diagnostics);
  }
  if (name === 'identifier') {
    const { system, value = '' } = input.identifier(name) ?? {};
    const token = system === undefined ? escaped(value) : `${escaped(system)}|${escaped(value)}`;
    return the(newest(await definitions<Questionnaire>(exchange, 'Questionnaire', [['identifier', token]])));
  }
  const given = input.one(name);
  if (given?.resource !== undefined) {
    return the(input.resource<Questionnaire>(name, 'Questionnaire'));
  }
  if (given?.valueReference !== undefined) {
    return referred(exchange, given.valueReference);
  }
  return the(await byCanonical<Questionnaire>(exchange, 'Questionnaire', input.text(name) ?? ''));
}

async function referred(exchange: Exchange, { reference = '' }: Reference): Promise<Questionnaire> {
  const { baseUrl } = exchange.request;
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  const id = LITERAL.exec(relative)?.[1];
  return id === undefined
    ? the(await byCanonical<Questionnaire>(exchange, 'Questionnaire', reference))
    : readQuestionnaire(exchange, id);
}

async function readQuestionnaire({ caller, context }: Exchange, id: string): Promise<Questionnaire> {
  const { content } = await context.interactions.read(caller, 'Questionnaire', id);
  return JSON.parse(content) as Questionnaire;
}

function newest(found: readonly Questionnaire[]): Questionnaire | undefined {
  return [...found].sort(
    (a, b) =>
      Number(b.status === 'active') - Number(a.status === 'active') ||
      Date.parse(b.meta?.lastUpdated ?? '') - Date.parse(a.meta?.lastUpdated ?? ''),
  )[0];
}

function the(found: Questionnaire | undefined): Questionnaire {
  if (found === undefined) {
    throw fhirError(404, 'not-found', 'The form that is asked for is not known here.');
  }
  return found;
}
