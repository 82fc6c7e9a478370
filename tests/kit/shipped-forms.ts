import { readdirSync, readFileSync } from 'node:fs';
import type { Questionnaire, Resource } from '@medplum/fhirtypes';

const FOLDER = new URL('../../questionnaires/', import.meta.url);

/** Every form that is shipped, by its name: `Hads`, `SmerteregB11`. */
export const shippedForms: ReadonlyMap<string, Questionnaire> = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Resource)
    .filter((resource): resource is Questionnaire => resource.resourceType === 'Questionnaire')
    .map((form) => [form.name ?? '', form]),
);

/** @throws where no form of that name is shipped */
export function shippedForm(name: string): Questionnaire {
  const form = shippedForms.get(name);
  if (form === undefined) throw new Error(`no form ${name} is shipped`);
  return form;
}
