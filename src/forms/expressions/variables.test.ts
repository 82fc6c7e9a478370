import type { Expression, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { compileForm, type Form } from '../form.ts';
import type { FormData } from './data.ts';
import type { FormExpression } from './expression.ts';
import { type FormState, openForm } from './form-state.ts';

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const now = new Date('2026-03-02T23:30:00Z');

function fhirpath(url: string, expression: string, name?: string): Extension {
  return { url, valueExpression: { language: 'text/fhirpath', expression, ...(name && { name }) } as Expression };
}

function variable(name: string, expression: string): Extension {
  return fhirpath(`${core}variable`, expression, name);
}

/** A question whose initialExpression is what is asked. */
function asks(linkId: string, expression: string, ...extension: Extension[]): QuestionnaireItem {
  return { linkId, type: 'string', extension: [...extension, fhirpath(`${sdc}initialExpression`, expression)] };
}

function form(item: QuestionnaireItem[], ...extension: Extension[]): Form {
  const questionnaire: Questionnaire = { resourceType: 'Questionnaire', status: 'active', title: 'T', item, extension };
  return compileForm(questionnaire);
}

function open(made: Form, item: object[] = [], data: Partial<FormData> = {}): FormState {
  const response = { resourceType: 'QuestionnaireResponse' as const, status: 'completed' as const, id: 'r', item };
  return openForm(made, response as never, { now, ...data });
}

function initial(state: FormState, linkId: string): unknown[] {
  const item = state.form.items.get(linkId);
  const { initial } = item?.expressions ?? {};
  if (item === undefined || initial === undefined) throw new Error('no such expression');
  const container = item.parent === undefined ? state.root : state.root.inside(item.parent, state.root.items[0]);
  const node = container.items.find((each) => each.linkId === linkId);
  return state.evaluate(initial, container.inside(item, node)).map(({ value }) => value);
}

function values(state: FormState, expression: FormExpression | undefined): unknown[] {
  return expression === undefined ? [] : state.evaluate(expression, state.root).map(({ value }) => value);
}

describe('a variable', () => {
  it('is known to what follows it, to the items, and to those inside them', () => {
    const group: QuestionnaireItem = {
      ...{ linkId: 'g', type: 'group' },
      extension: [variable('c', '%b + 1')],
      item: [asks('q', '%a + %b + %c')],
    };
    const state = open(form([group], variable('a', '1'), variable('b', '%a + 1')));
    expect(initial(state, 'q')).toEqual([6]);
  });

  it('hides one of the same name further out, for the items inside only', () => {
    const group: QuestionnaireItem = {
      ...{ linkId: 'g', type: 'group' },
      extension: [variable('a', '%a + 10')],
      item: [asks('inside', '%a')],
    };
    const state = open(form([group, asks('beside', '%a')], variable('a', '1')));
    expect(initial(state, 'inside')).toEqual([11]);
    expect(initial(state, 'beside')).toEqual([1]);
  });

  it('is not known before it is declared, nor beside the item that declares it', () => {
    const state = open(form([asks('early', '%late'), asks('other', '1', variable('late', '2'))]));
    expect(initial(state, 'early')).toEqual([]);
    expect(state.issues[0]?.diagnostics).toContain('%late is not known here');
  });

  it('may be declared twice in one place only if it is the same', () => {
    expect(() => form([], variable('a', '1'), variable('a', '2'))).toThrow("The name 'a' is declared twice here.");
    expect(() => form([], variable('a', '1'), variable('a', '1'))).not.toThrow();
  });

  it('needs a name, and can not take one that FHIR uses', () => {
    const nameless = { url: `${core}variable`, valueExpression: { language: 'text/fhirpath', expression: '1' } };
    expect(() => form([], nameless as Extension)).toThrow('A variable needs a name.');
    const state = open(form([asks('q', '%resource.id')], variable('resource', "'mine'")));
    expect(initial(state, 'q')).toEqual(['r']);
  });

  it('is evaluated where it is declared', () => {
    const group: QuestionnaireItem = {
      ...{ linkId: 'g', type: 'group' },
      extension: [variable('here', 'linkId')],
      item: [asks('q', "%here & ' ' & linkId")],
    };
    const state = open(form([group]), [{ linkId: 'g', item: [{ linkId: 'q' }] }]);
    expect(initial(state, 'q')).toEqual(['g q']);
  });
});

describe('names of SDC', () => {
  it('%resource, %context, %questionnaire and %qitem', () => {
    const state = open(
      form([asks('q', "%resource.id & ' ' & %context.linkId & ' ' & %questionnaire.title & ' ' & %qitem.linkId")]),
      [{ linkId: 'q' }],
    );
    expect(initial(state, 'q')).toEqual(['r q T q']);
  });

  it('%ucum, %sct, %loinc, value sets and extensions', () => {
    const state = open(form([asks('q', '%ucum | %sct | %loinc | %`vs-x` | %`ext-y`')]));
    expect(initial(state, 'q')).toEqual([
      'http://unitsofmeasure.org',
      'http://snomed.info/sct',
      'http://loinc.org',
      'http://hl7.org/fhir/ValueSet/x',
      'http://hl7.org/fhir/StructureDefinition/y',
    ]);
  });

  it('today() is the day of those who answer, now() the moment', () => {
    const made = form([asks('q', '(today() + 1 day).toString()'), asks('n', 'now().toString()')]);
    expect(initial(open(made), 'q')).toEqual(['2026-03-03']);
    expect(initial(open(made, [], { timeZone: 'Europe/Oslo' }), 'q')).toEqual(['2026-03-04']);
    expect(initial(open(made), 'n')).toEqual(['2026-03-02T23:30:00.000Z']);
  });
});

describe('a launch context', () => {
  const launch: Extension = {
    url: `${sdc}launchContext`,
    extension: [
      { url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' } },
      { url: 'type', valueCode: 'Patient' },
    ],
  };
  const patient = {
    resourceType: 'Patient',
    name: [{ given: ['Test'], family: 'Prøve' }],
    extension: [{ url: 'http://example.org/x', valueString: 'there' }],
  };

  it('is read by the elements of its type', () => {
    const made = form(
      [asks('q', '%patient.name.given'), asks('e', "%patient.extension('http://example.org/x').value")],
      launch,
    );
    expect(made.launchContexts).toEqual([{ name: 'patient', types: ['Patient'], multiple: false }]);
    const state = open(made, [], { launch: { patient } });
    expect(initial(state, 'q')).toEqual(['Test']);
    expect(initial(state, 'e')).toEqual(['there']);
  });

  it('that there is none of is empty, one that was left out is not known', () => {
    const made = form([asks('q', '%patient.name.given')], launch);
    const none = open(made, [], { launch: { patient: null } });
    expect([initial(none, 'q'), none.issues]).toEqual([[], []]);
    const unknown = open(made);
    expect(initial(unknown, 'q')).toEqual([]);
    expect(unknown.issues[0]?.diagnostics).toContain('%patient is not known here');
  });

  it('of another type than declared is refused', () => {
    const state = open(form([asks('q', '%patient.name')], launch), [], {
      launch: { patient: { resourceType: 'Group', name: 'x' } },
    });
    expect(initial(state, 'q')).toEqual([]);
    expect(state.issues[0]?.diagnostics).toContain('%patient is not of type Patient');
  });
});

it('the caller may give a population context one repetition at a time', () => {
  const group: QuestionnaireItem = {
    ...{ linkId: 'g', type: 'group', repeats: true },
    extension: [fhirpath(`${sdc}itemPopulationContext`, '%patient.name', 'one')],
    item: [asks('q', '%one.family')],
  };
  const made = form([group]);
  const state = open(made, [], {
    launch: { patient: { resourceType: 'Patient', name: [{ family: 'A' }, { family: 'B' }] } },
  });
  const item = made.items.get('q');
  const { initial: expression } = item?.expressions ?? {};
  if (item?.parent === undefined || expression === undefined) throw new Error('no such item');
  const place = state.root.inside(item.parent).inside(item);
  expect(state.evaluate(expression, place).map(({ value }) => value)).toEqual(['A', 'B']);
  const [context] = item.parent.expressions.contexts;
  const repetitions = context === undefined ? [] : state.evaluate(context, state.root.inside(item.parent));
  expect(repetitions).toHaveLength(2);
  expect(
    repetitions.map((each) => state.evaluate(expression, place, new Map([['one', [each]]])).map(({ value }) => value)),
  ).toEqual([['A'], ['B']]);
});

it('an element of the form or of an item may be calculated', () => {
  const made = compileForm({
    resourceType: 'Questionnaire',
    status: 'active',
    item: [
      {
        ...{ linkId: 'q', type: 'integer', text: 'fixed' },
        _text: { extension: [fhirpath(`${core}cqf-expression`, "'as of ' + today().toString()")] },
        extension: [
          { url: `${core}minValue`, _valueInteger: { extension: [fhirpath(`${core}cqf-calculatedValue`, '1 + 1')] } },
          { url: `${sdc}maxQuantity`, valueQuantity: { extension: [fhirpath(`${core}cqf-expression`, "5 'mg'")] } },
        ],
      } as QuestionnaireItem,
    ],
  });
  const state = open(made);
  const elements = made.items.get('q')?.expressions.elements;
  expect(values(state, elements?.get('text'))).toEqual(['as of 2026-03-02']);
  expect(values(state, elements?.get('minValue'))).toEqual([2]);
  expect(values(state, elements?.get('maxQuantity'))).toMatchObject([{ value: 5, unit: 'mg' }]);
});

it('a language that is not evaluated here is kept, and told when it is needed', () => {
  const cql = { url: `${sdc}initialExpression`, valueExpression: { language: 'text/cql', expression: 'X' } };
  const state = open(form([{ linkId: 'q', type: 'string', extension: [cql as Extension] }]));
  expect(initial(state, 'q')).toEqual([]);
  expect(state.issues[0]?.diagnostics).toBe('The expression could not be evaluated: language text/cql.');
});
