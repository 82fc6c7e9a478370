import type { PlanDefinition, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import smertereg from '../../../../fhir/registries/smertereg/plan-definition.json' with { type: 'json' };
import { commentsByTask, printedForms } from './printed-comments.ts';

const forms = printedForms(smertereg as unknown as PlanDefinition);

function answer(questionnaire: string, valueString: string): QuestionnaireResponse {
  return {
    ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: `${questionnaire}|1.0.0` },
    basedOn: [{ reference: 'ServiceRequest/r' }],
    item: [
      {
        linkId: 'page',
        item: [
          { linkId: 'secret', answer: [{ valueString }] },
          { linkId: 'other', answer: [{ valueString: 'not a comment' }] },
        ],
      },
    ],
  };
}

test('SmerteReg prints the internal comment of B2.2 alone', () => {
  expect(forms.map(({ label }) => label)).toEqual(['B22']);
});

test('what is printed is the comment of the form that prints, at its own course', () => {
  const b22 = forms[0]?.questionnaire ?? '';
  const task = (id: string, referral: string): Task => ({
    ...{ resourceType: 'Task', status: 'in-progress', intent: 'plan', id },
    instantiatesCanonical: smertereg.url,
    basedOn: [{ reference: referral }],
  });
  const printed = commentsByTask(
    [task('one', 'ServiceRequest/r'), task('two', 'ServiceRequest/elsewhere')],
    forms,
    [answer('https://svar.example.org/another-form', 'left on the screen'), answer(b22, 'call the ward')],
    new Set(['secret']),
  );
  expect([...printed]).toEqual([['one', 'B22: call the ward']]);
});
