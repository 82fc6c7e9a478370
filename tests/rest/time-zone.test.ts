import { expect, test } from 'vitest';
import { testServer } from '../kit/fhir-server.ts';
import { rest } from '../kit/rest.ts';

const url = 'https://svar.example.org/fhir/Questionnaire/today';

test.each([
  ['Europe/Oslo', 201],
  ['UTC', 422],
])('half past midnight in Oslo is a new day in %s: an answer of that day gives %i', async (timeZone, status) => {
  const server = await testServer({
    packages: false,
    background: false,
    testClock: '2026-03-03T00:30:00+01:00',
    timeZone,
  });
  try {
    const client = rest(server.base);
    await client.put('Questionnaire/today', {
      ...{ resourceType: 'Questionnaire', id: 'today', url, status: 'active' },
      item: [
        {
          ...{ linkId: 'since', text: 'Since', type: 'date' },
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/maxValue',
              _valueDate: {
                extension: [
                  {
                    url: 'http://hl7.org/fhir/StructureDefinition/cqf-expression',
                    valueExpression: { language: 'text/fhirpath', expression: 'today()' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    const answered = await client.post('QuestionnaireResponse', {
      ...{ resourceType: 'QuestionnaireResponse', questionnaire: url, status: 'completed' },
      authored: '2026-03-03T00:30:00+01:00',
      item: [{ linkId: 'since', answer: [{ valueDate: '2026-03-03' }] }],
    });
    expect(answered.status).toBe(status);
  } finally {
    await server.close();
  }
});
