import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Questionnaire, QuestionnaireResponse, Resource } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { compileForm, type Form } from '../form.ts';
import { validateResponse } from '../validate-response.ts';

const FOLDER = 'node_modules/hl7.fhir.uv.sdc/example';
const data = { now: new Date('2026-03-02T08:00:00Z') };

async function examples(): Promise<readonly Resource[]> {
  const files = (await readdir(FOLDER)).filter((name) => /^Questionnaire(?:Response)?-/.test(name));
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(path.join(FOLDER, name), 'utf8')) as Resource),
  );
}

const isForm = (resource: Resource): resource is Questionnaire => resource.resourceType === 'Questionnaire';
const isResponse = (resource: Resource): resource is QuestionnaireResponse =>
  resource.resourceType === 'QuestionnaireResponse';

it('the responses that SDC publishes fit their forms', async () => {
  const all = await examples();
  const forms = new Map<string, Form>(all.filter(isForm).map((form) => [form.url ?? '', compileForm(form)]));
  const judged = all.filter(isResponse).flatMap((response) => {
    const [url = ''] = response.questionnaire?.split('|') ?? [];
    const contained = response.contained?.filter(isForm).find(({ id }) => `#${id}` === url);
    const form = contained === undefined ? forms.get(url) : compileForm(contained);
    const faults = form && validateResponse(form, response, data);
    return faults === undefined ? [] : [[response.id, faults.map(({ details }) => details?.code)]];
  });
  expect(judged.length).toBeGreaterThanOrEqual(6);
  expect(judged.filter(([, faults]) => (faults?.length ?? 0) > 0)).toEqual([]);
});
