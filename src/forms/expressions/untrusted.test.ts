import { expect, it } from 'vitest';
import { compileForm } from '../form.ts';
import { openForm } from './form-state.ts';

const leaves = Array.from({ length: 300 }, (_, index) => ({ linkId: `q${index}`, type: 'string' as const }));
const item = leaves.map(({ linkId }) => ({ linkId, answer: [{ valueString: 'a'.repeat(50) }] }));

/** What an expression of a stored form does to the one who evaluates it: the issue, and how long it took. */
function evaluate(expression: string): { readonly problem: string | undefined; readonly seconds: number } {
  const form = compileForm({
    resourceType: 'Questionnaire',
    status: 'active',
    item: leaves,
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/variable',
        valueExpression: { name: 'v', language: 'text/fhirpath', expression },
      },
    ],
  });
  const state = openForm(
    form,
    { resourceType: 'QuestionnaireResponse', status: 'completed', item },
    { now: new Date('2026-03-02T10:00:00Z') },
  );
  const [variable] = form.expressions.variables;
  const before = performance.now();
  if (variable !== undefined) state.evaluate(variable, state.root);
  return { problem: state.issues[0]?.diagnostics, seconds: (performance.now() - before) / 1000 };
}

it.each([
  ['a repeat without end', '1.repeat($this + 1)'],
  ['a criterion in a criterion in a criterion', walks(4)],
  ['a collection that multiplies', `item${'.select(%resource.item)'.repeat(6)}.count()`],
  ['a string that doubles', "item.aggregate($total & $total, 'aaaaaaaa')"],
  [
    'a replacement that multiplies',
    "item.answer.value.join('').replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
  ],
])('%s is given up, and told', (_, expression) => {
  const { problem, seconds } = evaluate(expression);
  expect(problem).toMatch(/more work than is permitted|more than \d+ (?:characters|items)/);
  expect(seconds).toBeLessThan(5);
});

it('a regular expression that backtracks for ever takes linear time', () => {
  const { problem, seconds } = evaluate("item.answer.value.all(matches('^(a+)+b$'))");
  expect(problem).toBeUndefined();
  expect(seconds).toBeLessThan(5);
});

function walks(depth: number): string {
  return depth === 0 ? 'true' : `%resource.descendants().where(${walks(depth - 1)}).exists()`;
}
