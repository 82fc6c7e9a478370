import { readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Bundle,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  Resource,
} from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import type { FormData } from '../expressions/data.ts';
import { compileForm } from '../form.ts';
import { validateResponse } from '../validate-response.ts';
import { type Populated, populate, startResponse } from './populate.ts';

const EXAMPLES = path.join(import.meta.dirname, '../../../node_modules/hl7.fhir.uv.sdc/example');
const now = new Date('2026-03-02T08:00:00Z');
const subject = { reference: 'Patient/p' };
const patient: Resource = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: 'Prøve', given: ['Kari', 'K.'] }],
  birthDate: '1980-05-17',
  telecom: [{ system: 'phone', use: 'mobile', value: '22' }],
  identifier: [{ system: 'http://ns.electronichealth.net.au/id/medicare-number', value: 'M1' }],
};
const user: Resource = {
  resourceType: 'Practitioner',
  id: 'u',
  name: [{ family: 'Test', given: ['Lege'] }],
  identifier: [{ system: 'http://ns.electronichealth.net.au/id/hi/prn', value: 'P1' }],
};

function example(name: string): Questionnaire {
  return JSON.parse(readFileSync(path.join(EXAMPLES, `Questionnaire-questionnaire-sdc-${name}.json`), 'utf8'));
}

function searchset(...resources: Resource[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  };
}

/** Populates an example, which must be valid by its form whatever was found. */
function populated(name: string, data: Partial<FormData> = {}): Populated {
  const form = compileForm(example(name));
  const all: FormData = { now, launch: { patient, user }, ...data };
  const done = populate(form, startResponse(form, subject, now), all);
  const faults = validateResponse(form, done.response, all).filter(({ severity }) => severity === 'error');
  expect(faults).toEqual([]);
  return done;
}

function answers(response: QuestionnaireResponse): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  const walk = (items: readonly QuestionnaireResponseItem[]): void => {
    for (const { linkId, answer = [], item = [] } of items) {
      for (const { item: inner = [], ...value } of answer) {
        found[linkId] = [...(found[linkId] ?? []), Object.values(value)[0]];
        walk(inner);
      }
      walk(item);
    }
  };
  walk(response.item ?? []);
  return found;
}

describe("SDC's examples of population", () => {
  test('initialExpression: patient and user fill in their questions, in groups and read-only ones too', () => {
    const { response, issues } = populated('test-fhirpath-prepop-initialexpression');
    expect(answers(response)).toEqual({
      'medicare-number': ['M1'],
      'family-name': ['Prøve'],
      'given-names': ['Kari'],
      dob: ['1980-05-17'],
      'contact-number': ['22'],
      'provider-number': ['P1'],
      'date-consult': ['2026-03-02'],
      'provider-name': ['Lege Test'],
    });
    expect(issues).toEqual([]);
  });

  test('candidateExpression: what a person picks is not picked for them, and its name is empty until then', () => {
    const { response, issues, wanted } = populated('test-fhirpath-prepop-candexpr');
    expect(answers(response)).toEqual({ 'family-name': ['Prøve'], 'given-names': ['Kari'] });
    expect(issues).toEqual([]);
    expect(wanted).toEqual([]);
  });

  test('sourceQueries: the batch is asked entry by entry, and repeats its group', () => {
    const name = 'test-fhirpath-prepop-source-query';
    expect(populated(name).wanted).toEqual([
      'Patient?_id=p',
      'Condition?patient=p&active=true',
      'MedicationStatement?patient=p&active=true&_include=MedicationStatement:medication',
    ]);
    const medication = (id: string, text: string): Resource => ({
      resourceType: 'MedicationStatement',
      id,
      status: 'active',
      subject,
      medicationCodeableConcept: { text },
    });
    const answered: Record<string, Bundle> = {
      'Patient?_id=p': searchset(patient),
      'Condition?patient=p&active=true': searchset(medication('m1', 'One'), medication('m2', 'Two')),
      'MedicationStatement?patient=p&active=true&_include=MedicationStatement:medication': searchset(),
    };
    // The example counts and lists the entry before the one that it means; so its Conditions are given as medication.
    const { response, issues, wanted } = populated(name, { queries: (query) => answered[query] });
    expect(wanted).toEqual([]);
    expect(answers(response)).toMatchObject({
      'condition-count': [1],
      'med-name': ['One', 'Two'],
      'med-status': ['active', 'active'],
    });
    expect(issues).toEqual([expect.objectContaining({ code: 'not-supported', severity: 'warning' })]);
  });

  test('observationLinkPeriod: weight and height of the last year, in their units, and the index that follows', () => {
    const name = 'profile-example-weight-height-tracking-panel';
    const { wanted } = populated(name);
    expect(wanted.map((query) => query.replace(/date=.*?&/, ''))).toEqual([
      'Observation?subject=Patient%2Fp&combo-code=http%3A%2F%2Floinc.org%7C29463-7&status=final%2Camended%2Ccorrected&_sort=-date&_count=10',
      'Observation?subject=Patient%2Fp&combo-code=http%3A%2F%2Floinc.org%7C8302-2&status=final%2Camended%2Ccorrected&_sort=-date&_count=10',
    ]);
    expect(wanted[0]).toContain(`date=${encodeURIComponent('ge2025-03-02T08:00:00.000Z')}`);
    const observed = (loinc: string, value: number, code: string) =>
      searchset({
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
        valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code },
      });
    const [weight = '', height = ''] = wanted;
    const answered: Record<string, Bundle> = {
      [weight]: observed('29463-7', 72_500, 'g'),
      [height]: observed('8302-2', 177.8, 'cm'),
    };
    const { response } = populated(name, { queries: (query) => answered[query] });
    expect(answers(response)).toEqual({ '/29463-7': [72.5], '/8302-2': [70], '/39156-5': [22.9] });
  });

  test('contextExpression: what a person may look at fills in nothing', () => {
    const { response, issues } = populated('profile-example-context-expression');
    expect(answers(response)).toEqual({});
    expect(issues).toEqual([]);
  });

  test('initial: one value and several; of a type that the question does not take, none', () => {
    const yes = { system: 'http://snomed.info/sct', code: '373066001', display: 'Yes' };
    const no = { system: 'http://snomed.info/sct', code: '373067005', display: 'No' };
    const one = populated('test-initialvalue');
    expect(answers(one.response)).toEqual({
      '1acf93a7-0890-44cd-be48-542defb35248': [yes],
      'init-val-string': ['YUP'],
    });
    const several = populated('test-initialvalue-multiple');
    expect(answers(several.response)).toEqual({ '1acf93a7-0890-44cd-be48-542defb35248': [yes, no] });
    expect(several.issues).toMatchObject([{ severity: 'warning', expression: ['Questionnaire.item[0].item[2]'] }]);
  });

  test('the population request of the operation is about a form that is populated by no rule: it is asked whole', () => {
    const { response } = populated('profile-example-ussg-fht');
    expect(response.questionnaire).toContain('questionnaire-sdc-profile-example-ussg-fht');
    expect(response.status).toBe('in-progress');
    expect(response.item?.map(({ linkId }) => linkId)).toEqual(['0', '1', '2']);
  });
});
