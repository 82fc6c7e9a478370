import { plain } from '../../fhirpath/collection.ts';
import type { Env } from '../../fhirpath/expr.ts';
import type { Branch } from '../../fhirpath/fhirpath.ts';
import { r4FhirPath } from '../../fhirpath/r4.ts';
import { patientCompartmentJson } from '../../model/r4/r4.generated.js';
import { r4SearchParameters } from '../parameters/r4.ts';
import { isObject, text } from './json.ts';
import { parseReference } from './parse-reference.ts';

let compartment: Record<string, readonly string[]> | undefined;
const plans = new Map<string, readonly Branch[]>();

/**
 * Whom the resource is about comes before who took part in it. Types that have a parameter `patient` belong to that patient
 * even where R4's compartment leaves them out, as it does Task.
 */
const FIRST = ['patient', 'subject'];

/**
 * The id of the patient in whose compartment a resource is (R4 CompartmentDefinition/patient, and Task): the one that `patient` or
 * `subject` names, else the first that another of the compartment's parameters names. A Patient is in its own. Undefined if
 * it is in none, or the patient is on another server.
 *
 * @param baseUrl the server's own base, without a slash at its end
 */
export function patientOf(resource: unknown, baseUrl = ''): string | undefined {
  const type = isObject(resource) ? text(resource.resourceType) : undefined;
  if (!isObject(resource) || type === undefined) {
    return undefined;
  }
  if (type === 'Patient') {
    return text(resource.id);
  }
  const env: Env = { resource, rootResource: resource, context: resource };
  for (const { run } of planOf(type)) {
    const values = run(resource, env);
    for (const item of values === undefined ? [] : Array.isArray(values) ? values : [values]) {
      const id = patientId(plain(item), baseUrl);
      if (id !== undefined) {
        return id;
      }
    }
  }
  return undefined;
}

/** Whether resources of a type may be about a patient; those of other types (Organization, Questionnaire …) never are. */
export function mayBeAboutPatient(type: string): boolean {
  return type === 'Patient' || planOf(type).length > 0;
}

function patientId(reference: unknown, baseUrl: string): string | undefined {
  const target = isObject(reference) ? text(reference.reference) : undefined;
  const parsed = target === undefined ? undefined : parseReference(target, baseUrl);
  return parsed?.kind === 'relative' && parsed.type === 'Patient' ? parsed.id : undefined;
}

function planOf(type: string): readonly Branch[] {
  let plan = plans.get(type);
  if (plan === undefined) {
    plan = codesOf(type).flatMap((code) => {
      const param = r4SearchParameters().find((each) => each.type === type && each.code === code);
      return param === undefined ? [] : r4FhirPath().branches(param.expression, type);
    });
    plans.set(type, plan);
  }
  return plan;
}

function codesOf(type: string): readonly string[] {
  if (compartment === undefined) {
    const parsed: Record<string, readonly string[]> = JSON.parse(patientCompartmentJson);
    compartment = parsed;
  }
  const codes = Object.hasOwn(compartment, type) ? (compartment[type] ?? []) : [];
  return [...FIRST.filter((code) => code === 'patient' || codes.includes(code)), ...codes];
}
