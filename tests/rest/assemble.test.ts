import { createRequire } from 'node:module';
import type { OperationOutcome, Parameters, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../kit/fhir-server.ts';
import { type Rest, rest } from '../kit/rest.ts';

const require = createRequire(import.meta.url);
/**
 * Without its narrative, which has ids that a narrative may not have (txt-1); in the version that the form asks for; and
 * with a prefix of its own in the second place, as the guide's result has it: one prefix would give one linkId twice.
 */
function example(name: string): Questionnaire {
  const { text: _, ...rest } = require(`hl7.fhir.uv.sdc/example/Questionnaire-sdc-modular-${name}.json`);
  const fixed = JSON.stringify(rest).replace(/patientname(?![\s\S]*patientname)/, 'patientcontact');
  return { ...JSON.parse(fixed), version: '3.0.0' };
}
const returned = ({ parameter }: Parameters): Questionnaire | undefined => {
  const found = parameter?.find(({ name }) => name === 'return')?.resource;
  return found?.resourceType === 'Questionnaire' ? found : undefined;
};

let server: TestServer;
let client: Rest;

beforeAll(async () => {
  server = await testServer({ packages: false });
  client = rest(server.base);
});
afterAll(() => server.close());

const linkIds = (items: readonly QuestionnaireItem[] = []): string[] =>
  items.flatMap(({ linkId, item }) => [linkId, ...linkIds(item)]);

test("SDC's modular form is refused while its modules are not there, and put together once they are", async () => {
  const root = await client.put('Questionnaire/modular-root', { ...example('root'), id: 'modular-root' });
  expect(root).toMatchObject({ status: 201 });
  const early = await client.get<OperationOutcome>('Questionnaire/modular-root/$assemble');
  expect(early.status).toBe(422);
  expect(early.body.issue?.[0]).toMatchObject({ code: 'not-found' });

  for (const name of ['contact', 'name']) {
    const { status } = await client.put(`Questionnaire/modular-${name}`, { ...example(name), id: `modular-${name}` });
    expect(status).toBe(201);
  }
  const { text: _, ...library } = require('hl7.fhir.uv.sdc/StructureDefinition-SdcQuestionLibrary.json');
  const defined = await client.put('StructureDefinition/SdcQuestionLibrary', library);
  expect(defined).toMatchObject({ status: 201 });
  const { status, body } = await client.get<Parameters>('Questionnaire/modular-root/$assemble');
  expect(status).toBe(200);
  expect(linkIds(returned(body)?.item)).toEqual([
    ...[
      '1',
      'patientname.1',
      'patientname.2',
      'patientname.3',
      '2',
      '3',
      '4',
      '4.1',
      '4.street',
      '4.city',
      '4.state',
      '4.postalCode',
      '5',
    ],
    ...[
      'patientcontact.1',
      'patientcontact.name.1',
      'patientcontact.name.2',
      'patientcontact.name.3',
      'patientcontact.2',
    ],
  ]);
  expect(JSON.stringify(returned(body))).not.toContain('subQuestionnaire"');
  expect(body.parameter?.[1]).toMatchObject({ name: 'outcome', resource: { issue: [{ severity: 'warning' }] } });
});

test('the form may be sent whole, or named by its canonical', async () => {
  const sent = await client.post<Parameters>('Questionnaire/$assemble', example('root'));
  const named = await client.post<Parameters>('Questionnaire/$assemble', {
    resourceType: 'Parameters',
    parameter: [{ name: 'questionnaire', valueUri: example('root').url }],
  });
  expect(sent.status).toBe(200);
  expect(returned(named.body)?.item).toEqual(returned(sent.body)?.item);
});

test('what keeps the whole form from being answered is told', async () => {
  const root = example('root');
  const { status, body } = await client.post<Parameters>('Questionnaire/$assemble', {
    ...root,
    item: [...(root.item ?? []), { linkId: 'patientname.1', type: 'string' }],
  });
  expect(status).toBe(200);
  expect(body.parameter?.[1]?.resource).toMatchObject({
    issue: expect.arrayContaining([expect.objectContaining({ severity: 'warning', code: 'duplicate' })]),
  });
});
