import { readdirSync, readFileSync } from 'node:fs';
import type { Expression, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../model/issue.ts';
import { compileForm, type Form } from '../form.ts';
import type { FormExpression, ItemExpressions } from './expression.ts';
import type { PathProgram } from './program.ts';

const folder = new URL('../../../node_modules/hl7.fhir.uv.sdc/example/', import.meta.url).pathname;
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

function form(extension: Extension[], item: QuestionnaireItem[] = []): Form {
  return compileForm({ resourceType: 'Questionnaire', status: 'active', extension, item });
}

function onItem(...extension: Extension[]): ItemExpressions {
  const made = form([], [{ linkId: 'q', type: 'string', extension }]);
  const { expressions } = made.items.get('q') ?? {};
  if (expressions === undefined) throw new Error('no item');
  return expressions;
}

function expression(text: string, name?: string): Pick<Extension, 'valueExpression'> {
  return { valueExpression: { language: 'text/fhirpath', expression: text, ...(name && { name }) } as Expression };
}

/** Every FHIRPath program of a form. */
function programs(made: Form): PathProgram[] {
  const shared = [made.expressions, ...[...made.items.values()].map((item) => item.expressions)].flatMap((each) => [
    ...each.variables,
    ...each.contexts,
    ...each.constraints.map(({ expression: found }) => found),
    ...each.elements.values(),
  ]);
  const own = [...made.items.values()].flatMap(({ expressions }): (FormExpression | undefined)[] => [
    ...[expressions.initial, expressions.calculated, expressions.enableWhen, expressions.answers],
    expressions.candidates,
    ...expressions.toggles.map(({ expression: found }) => found),
  ]);
  const all = [...shared, ...own];
  return all.flatMap((each) => {
    const { program } = each ?? {};
    return program?.kind === 'query'
      ? program.parts.filter((part) => typeof part !== 'string')
      : program === undefined
        ? []
        : [program];
  });
}

it("every Questionnaire of SDC's examples is compiled with all of its expressions", () => {
  const files = readdirSync(folder).filter((file) => file.startsWith('Questionnaire-'));
  let count = 0;
  for (const file of files) {
    const questionnaire: Questionnaire = JSON.parse(readFileSync(folder + file, 'utf8'));
    count += programs(compileForm(questionnaire)).length;
  }
  expect(files.length).toBeGreaterThan(30);
  expect(count).toBeGreaterThan(100);
});

describe('an expression is read', () => {
  it.each([
    sdc,
    'http://hl7.org/fhir/StructureDefinition/questionnaire-',
    'http://hl7.org/fhir/StructureDefinition/',
    'http://hl7.org/fhir/us/sdc/StructureDefinition/sdc-questionnaire-',
  ])('under the addresses of all releases: %s', (base) => {
    expect(onItem({ url: `${base}calculatedExpression`, ...expression('1') }).calculated?.text).toBe('1');
    expect(onItem({ url: `${base}initialExpression`, valueString: '2' }).initial).toMatchObject({
      language: 'text/fhirpath',
      text: '2',
    });
  });

  it('and not from an extension of another name', () => {
    expect(onItem({ url: 'http://example.org/calculatedExpression', ...expression('1') }).calculated).toBeUndefined();
  });

  it('a constraint, under its name of today and that of R4', () => {
    const parts = (severity: string): Extension[] => [
      { url: 'key', valueId: 'k' },
      { url: 'severity', valueCode: severity },
      { url: 'expression', ...expression('true') },
      {
        ...{ url: 'human', valueString: 'Noe er galt' },
        _valueString: {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/translation',
              extension: [
                { url: 'lang', valueCode: 'en' },
                { url: 'content', valueString: 'Something is wrong' },
              ],
            },
          ],
        },
      } as Extension,
      { url: 'location', valueString: 'item[0]' },
    ];
    for (const url of ['targetConstraint', 'questionnaire-constraint']) {
      const [constraint] = onItem({
        url: `http://hl7.org/fhir/StructureDefinition/${url}`,
        extension: parts('warning'),
      }).constraints;
      expect(constraint).toMatchObject({ key: 'k', severity: 'warning', human: 'Noe er galt', location: 'item[0]' });
      expect(constraint?.translations.get('en')).toBe('Something is wrong');
    }
    expect(() =>
      onItem({ url: 'http://hl7.org/fhir/StructureDefinition/targetConstraint', extension: parts('x') }),
    ).toThrow('A constraint needs key');
  });

  it('once only where only one makes sense', () => {
    const url = `${sdc}initialExpression`;
    expect(() => onItem({ url, ...expression('1') }, { url, ...expression('2') })).toThrow('once only');
    expect(onItem({ url, ...expression('1') }, { url, ...expression('1') }).initial?.text).toBe('1');
  });
});

describe('a form is refused', () => {
  function refusal(text: string): FhirError {
    try {
      onItem({ url: `${sdc}initialExpression`, ...expression(text) });
    } catch (problem) {
      if (problem instanceof FhirError) return problem;
    }
    throw new Error('accepted');
  }

  it('with the path of an expression that does not parse', () => {
    expect(refusal('item.where(').status).toBe(422);
    expect(refusal('item.where(').issues).toEqual([
      {
        severity: 'error',
        code: 'invalid',
        diagnostics: 'The expression does not parse: an expression expected at position 12.',
        expression: ['Questionnaire.item[0].extension[0].value.expression'],
      },
    ]);
  });

  it('with an expression that can not be evaluated safely', () => {
    expect(refusal("answer.value.select(encode('hex')).weight()").message).toContain('can not be evaluated here');
    expect(refusal("answer.value.encode('hex').matches('(a+)+b')").message).toContain('can not be evaluated here');
    expect(refusal(`1${' + 1'.repeat(10_000)}`).message).toContain('more than 20000 characters');
    expect(refusal("'a'.matches('(?=x)')").message).toContain('can not be evaluated here');
    expect(refusal('noSuchFunction()').message).toContain('can not be evaluated here');
  });
});
