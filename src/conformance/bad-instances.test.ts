import { describe, expect, test } from 'vitest';
import type { IssueCode } from '../model/issue.ts';
import { validateResource } from './validate-resource.ts';

type Bad = readonly [name: string, resource: unknown, code: IssueCode, expression: string, words: RegExp];

const coded = { coding: [{ system: 'https://svar.example.org/codes', code: 'a' }] };
const observation = { resourceType: 'Observation', status: 'final', code: coded };
const div = (content: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;
const item = (more: object) => ({
  resourceType: 'Questionnaire',
  status: 'active',
  item: [{ linkId: 'a', type: 'string', ...more }],
});

const structure: Bad[] = [
  ['a resource without type', {}, 'structure', 'Resource.resourceType', /must say its resourceType/],
  [
    'a resource of unknown type',
    { resourceType: 'Patiant' },
    'structure',
    'Resource.resourceType',
    /did you mean Patient/,
  ],
  ['an abstract resource', { resourceType: 'DomainResource' }, 'structure', 'Resource.resourceType', /no such/],
  [
    'an unknown element',
    { resourceType: 'Patient', name: [{ famly: 'x' }] },
    'structure',
    'Patient.name[0].famly',
    /HumanName has no element famly; did you mean family\?/,
  ],
  [
    'an element whose name could be a person',
    { resourceType: 'Patient', 'Kari Nordmann': true },
    'structure',
    'Patient',
    /not the name of an element/,
  ],
  ['a null', { resourceType: 'Patient', birthDate: null }, 'structure', 'Patient.birthDate', /null/],
  ['an empty list', { resourceType: 'Patient', name: [] }, 'structure', 'Patient.name', /may not be empty/],
  ['an empty object', { resourceType: 'Patient', name: [{}] }, 'invariant', 'Patient.name[0]', /ele-1/],
  [
    'an object with only an id',
    { resourceType: 'Patient', name: [{ id: 'a' }] },
    'invariant',
    'Patient.name[0]',
    /ele-1/,
  ],
  [
    'an empty object beside a primitive',
    { resourceType: 'Patient', birthDate: '2020', _birthDate: {} },
    'invariant',
    'Patient.birthDate',
    /ele-1/,
  ],
  [
    'two types of a choice with another choice between them',
    { ...observation, valueString: 'x', effectiveDateTime: '2020', valueInteger: 1 },
    'structure',
    'Observation.value',
    /Only one of the types/,
  ],
  [
    'two contained resources of the same id',
    {
      resourceType: 'Patient',
      contained: [1, 2].map(() => ({ resourceType: 'Organization', id: 'a', name: 'x' })),
      managingOrganization: { reference: '#a' },
    },
    'invariant',
    'Patient.contained[1].id',
    /same id/,
  ],
  [
    'a single value where a list belongs',
    { resourceType: 'Patient', name: { text: 'x' } },
    'structure',
    'Patient.name',
    /list/,
  ],
  [
    'a list where a single value belongs',
    { resourceType: 'Patient', gender: ['male'] },
    'value',
    'Patient.gender',
    /single/,
  ],
  ['a list of objects for one', { ...observation, code: [coded] }, 'structure', 'Observation.code', /JSON object/],
  ['a string for an object', { resourceType: 'Patient', name: ['x'] }, 'structure', 'Patient.name[0]', /JSON object/],
  [
    'a missing element',
    { resourceType: 'Observation', code: coded },
    'required',
    'Observation.status',
    /must be given/,
  ],
  [
    'a missing choice',
    { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { reference: 'Patient/a' } },
    'required',
    'MedicationRequest.medication',
    /must be given/,
  ],
  [
    'two types of one choice',
    { ...observation, valueString: 'x', valueInteger: 1 },
    'structure',
    'Observation.value',
    /Only one of the types/,
  ],
  [
    'lists of values and extensions of different length',
    { resourceType: 'Patient', name: [{ given: ['a', 'b'], _given: [{ id: 'x' }] }] },
    'structure',
    'Patient.name[0].given',
    /as many entries/,
  ],
  [
    'a null that nothing stands beside',
    { resourceType: 'Patient', name: [{ given: ['a', null] }] },
    'structure',
    'Patient.name[0].given[1]',
    /null may only/,
  ],
  [
    'an element that this use of a type forbids',
    { ...observation, referenceRange: [{ low: { value: 1, comparator: '<' } }] },
    'structure',
    'Observation.referenceRange[0].low.comparator',
    /may not be given/,
  ],
  [
    'nesting beyond any use',
    { resourceType: 'Basic', code: coded, extension: [nested(200)] },
    'too-costly',
    `Basic.extension[0]${'.extension[0]'.repeat(128)}`,
    /nested/,
  ],
  ['something else than a resource in a Bundle', bundle('x'), 'structure', 'Bundle.entry[0].resource', /JSON object/],
  [
    'a fault inside a Bundle',
    bundle({ resourceType: 'Patient', active: 'yes' }),
    'value',
    'Bundle.entry[0].resource.active',
    /JSON boolean/,
  ],
];

function nested(depth: number): object {
  return depth === 0
    ? { url: 'https://svar.example.org/x', valueInteger: 1 }
    : { url: 'x', extension: [nested(depth - 1)] };
}

function bundle(resource: unknown): object {
  return { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] };
}

const primitives: Bad[] = [
  ['an empty text', { resourceType: 'Patient', name: [{ family: '' }] }, 'value', 'Patient.name[0].family', /empty/],
  ['a NUL', { resourceType: 'Patient', name: [{ family: 'a\u0000' }] }, 'value', 'Patient.name[0].family', /control/],
  [
    'half a character',
    { resourceType: 'Patient', name: [{ family: '\ud800' }] },
    'value',
    'Patient.name[0].family',
    /text/,
  ],
  [
    'a day that no calendar has',
    { resourceType: 'Patient', birthDate: '2021-02-30' },
    'value',
    'Patient.birthDate',
    /calendar/,
  ],
  [
    'an instant without time zone',
    { ...observation, issued: '2021-02-03T10:00:00' },
    'value',
    'Observation.issued',
    /zone/,
  ],
  ['an integer beyond 32 bits', { ...observation, valueInteger: 3e9 }, 'value', 'Observation.value', /32 bits/],
  [
    'a number as text',
    { ...observation, valueQuantity: { value: '1' } },
    'value',
    'Observation.value.value',
    /JSON number/,
  ],
  ['a code with spaces around', { ...observation, status: ' final' }, 'value', 'Observation.status', /code/],
  ['an id with a slash', { resourceType: 'Patient', id: 'a/b' }, 'value', 'Patient.id', /1 to 64/],
  ['a URI with a space', { resourceType: 'Patient', implicitRules: 'a b' }, 'value', 'Patient.implicitRules', /URI/],
  [
    'half of base64',
    { resourceType: 'Binary', contentType: 'text/plain', data: 'YWJ' },
    'value',
    'Binary.data',
    /base64/,
  ],
];

const contained = { resourceType: 'Practitioner', id: 'p' };
const references: Bad[] = [
  [
    'a reference to a type that does not belong',
    { ...observation, subject: { reference: 'Medication/a' } },
    'value',
    'Observation.subject',
    /Medication is not allowed here, only to Patient, Group, Device, Location/,
  ],
  [
    'an absolute one',
    { ...observation, subject: { reference: 'https://a.example/fhir/Medication/a' } },
    'value',
    'Observation.subject',
    /Medication/,
  ],
  [
    'a logical one',
    { ...observation, subject: { type: 'Medication', display: 'x' } },
    'value',
    'Observation.subject',
    /Medication/,
  ],
  [
    'a contained one',
    { ...observation, contained: [{ ...contained, resourceType: 'Medication' }], subject: { reference: '#p' } },
    'value',
    'Observation.subject',
    /Medication/,
  ],
  [
    'a type that differs',
    { ...observation, subject: { reference: 'Patient/a', type: 'Group' } },
    'value',
    'Observation.subject.type',
    /must be that/,
  ],
  [
    'no reference at all',
    { ...observation, subject: { reference: 'Patient/a/b' } },
    'value',
    'Observation.subject.reference',
    /Type\/id/,
  ],
  [
    'an unknown type',
    { ...observation, subject: { reference: 'Person_/a' } },
    'value',
    'Observation.subject.reference',
    /Type\/id/,
  ],
  [
    'a type that R4 lacks',
    { ...observation, subject: { reference: 'Human/a' } },
    'value',
    'Observation.subject.reference',
    /resource type/,
  ],
  [
    'a local one to nothing',
    { ...observation, subject: { reference: '#p' } },
    'invariant',
    'Observation.subject.reference',
    /ref-1/,
  ],
  [
    'a contained resource that nothing refers to',
    { ...observation, contained: [contained] },
    'invariant',
    'Observation.contained[0]',
    /dom-3/,
  ],
  [
    'a contained resource in a contained one',
    { ...observation, contained: [{ ...contained, contained: [contained] }], performer: [{ reference: '#p' }] },
    'invariant',
    'Observation.contained[0].contained',
    /dom-2/,
  ],
  [
    'a contained resource with a version',
    { ...observation, contained: [{ ...contained, meta: { versionId: '1' } }], performer: [{ reference: '#p' }] },
    'invariant',
    'Observation.contained[0].meta',
    /dom-4/,
  ],
  [
    'a contained resource with a security label',
    {
      ...observation,
      contained: [{ ...contained, meta: { security: [{ code: 'R' }] } }],
      performer: [{ reference: '#p' }],
    },
    'invariant',
    'Observation.contained[0].meta.security',
    /dom-5/,
  ],
];

const bindings: Bad[] = [
  [
    'a code',
    { ...observation, status: 'finished' },
    'code-invalid',
    'Observation.status',
    /registered, preliminary, final/,
  ],
  ['a grouping code', item({ type: 'question' }), 'code-invalid', 'Questionnaire.item[0].type', /item-type/],
  [
    'a resource type',
    { ...item({}), subjectType: ['Human'] },
    'code-invalid',
    'Questionnaire.subjectType[0]',
    /resource-types/,
  ],
  [
    'a concept without a code of the set',
    { resourceType: 'Condition', subject: { reference: 'Patient/a' }, clinicalStatus: coded },
    'code-invalid',
    'Condition.clinicalStatus',
    /condition-clinical/,
  ],
  [
    'a concept of text alone',
    { resourceType: 'Condition', subject: { reference: 'Patient/a' }, clinicalStatus: { text: 'x' } },
    'code-invalid',
    'Condition.clinicalStatus',
    /condition-clinical/,
  ],
  [
    'a MIME type',
    { resourceType: 'Patient', photo: [{ contentType: 'image png' }] },
    'code-invalid',
    'Patient.photo[0].contentType',
    /mimetypes/,
  ],
  [
    'a language',
    { resourceType: 'Patient', language: 'norsk (bokmål)' },
    'code-invalid',
    'Patient.language',
    /all-languages/,
  ],
  [
    'a currency',
    { resourceType: 'Invoice', status: 'issued', totalNet: { value: 1, currency: 'KRO' } },
    'code-invalid',
    'Invoice.totalNet.currency',
    /currencies/,
  ],
];

const invariants: Bad[] = [
  ['ext-1', { resourceType: 'Patient', extension: [{ url: 'x' }] }, 'invariant', 'Patient.extension[0]', /ext-1/],
  [
    'ext-1, both',
    { resourceType: 'Patient', extension: [{ url: 'x', valueInteger: 1, extension: [{ url: 'y', valueInteger: 1 }] }] },
    'invariant',
    'Patient.extension[0]',
    /ext-1/,
  ],
  ['pat-1', { resourceType: 'Patient', contact: [{ gender: 'male' }] }, 'invariant', 'Patient.contact[0]', /pat-1/],
  [
    'per-1',
    { resourceType: 'Patient', name: [{ text: 'x', period: { start: '2021', end: '2020-12' } }] },
    'invariant',
    'Patient.name[0].period',
    /per-1/,
  ],
  ['cpt-2', { resourceType: 'Patient', telecom: [{ value: '1' }] }, 'invariant', 'Patient.telecom[0]', /cpt-2/],
  ['att-1', { resourceType: 'Patient', photo: [{ data: 'YWJj' }] }, 'invariant', 'Patient.photo[0]', /att-1/],
  ['qty-3', { ...observation, valueQuantity: { value: 1, code: 'mg' } }, 'invariant', 'Observation.value', /qty-3/],
  ['obs-6', { ...observation, valueString: 'x', dataAbsentReason: coded }, 'invariant', 'Observation', /obs-6/],
  [
    'obs-3',
    { ...observation, referenceRange: [{ age: { low: { value: 1 } } }] },
    'invariant',
    'Observation.referenceRange[0]',
    /obs-3/,
  ],
  [
    'org-2',
    { resourceType: 'Organization', name: 'x', address: [{ use: 'home' }] },
    'invariant',
    'Organization.address[0]',
    /org-2/,
  ],
  [
    'que-2',
    { ...item({}), item: [{ linkId: 'a', type: 'group', item: [{ linkId: 'a', type: 'string' }] }] },
    'invariant',
    'Questionnaire',
    /que-2/,
  ],
  ['que-1', item({ type: 'group' }), 'invariant', 'Questionnaire.item[0]', /que-1/],
  [
    'que-7',
    item({ enableWhen: [{ question: 'b', operator: 'exists', answerInteger: 1 }] }),
    'invariant',
    'Questionnaire.item[0].enableWhen[0]',
    /que-7/,
  ],
  [
    'qrs-1',
    {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      item: [{ linkId: 'a', answer: [{ valueInteger: 1 }], item: [{ linkId: 'b' }] }],
    },
    'invariant',
    'QuestionnaireResponse.item[0]',
    /qrs-1/,
  ],
  [
    'csd-1',
    {
      resourceType: 'CodeSystem',
      status: 'active',
      content: 'complete',
      concept: [{ code: 'a', concept: [{ code: 'a' }] }],
    },
    'invariant',
    'CodeSystem',
    /csd-1/,
  ],
  ['txt-1, a script', narrative(div('<script>x</script>')), 'security', 'Patient.text.div', /txt-1/],
  ['txt-1, an event', narrative(div('<p onclick="x()">x</p>')), 'security', 'Patient.text.div', /txt-1/],
  ['txt-2', narrative(div(' ')), 'security', 'Patient.text.div', /txt-2/],
];

function narrative(text: string): object {
  return { resourceType: 'Patient', text: { status: 'generated', div: text } };
}

const identifiers: Bad[] = [
  ['a wrong control digit', patient('1', '02013299998'), 'value', 'Patient.identifier[0].value', /control digits/],
  ['too few digits', patient('1', '0201329999'), 'value', 'Patient.identifier[0].value', /eleven digits/],
  [
    'a D-nummer with a wrong control digit',
    patient('2', '70019950033'),
    'value',
    'Patient.identifier[0].value',
    /control digits/,
  ],
  ['a fødselsnummer as D-nummer', patient('2', '02013299997'), 'value', 'Patient.identifier[0].value', /40 added/],
];

function patient(kind: string, value: string): object {
  return { resourceType: 'Patient', identifier: [{ system: `urn:oid:2.16.578.1.12.4.1.4.${kind}`, value }] };
}

const profiles: Bad[] = [
  [
    'a profile of another type',
    { resourceType: 'Patient', meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Group'] } },
    'value',
    'Patient.meta.profile[0]',
    /is for Group/,
  ],
];

describe.each(Object.entries({ structure, primitives, references, bindings, invariants, identifiers, profiles }))(
  '%s: exactly one issue, at the right place',
  (_, bad) => {
    test.each(bad)('%s', (_name, resource, code, expression, words) => {
      const issues = validateResource(resource);
      expect(issues).toEqual([
        { severity: 'error', code, expression: [expression], diagnostics: expect.stringMatching(words) },
      ]);
    });
  },
);

describe('faults', () => {
  test('never repeat what the resource says', () => {
    const secret = 'Nordmann02013299998';
    const issues = validateResource({
      resourceType: 'Patient',
      gender: secret,
      birthDate: secret,
      active: secret,
      name: secret,
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: secret }],
      managingOrganization: { reference: secret },
      maritalStatus: [secret],
      [`${secret} `]: 1,
    });
    expect(issues).toHaveLength(8);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  test('are listed up to a hundred, and the list says that it ends there', () => {
    const issues = validateResource({
      resourceType: 'Patient',
      name: Array.from({ length: 1000 }, () => ({ family: 1 })),
    });
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.code).toBe('incomplete');
  });

  test('in different places are each told', () => {
    const issues = validateResource({
      resourceType: 'Patient',
      gender: 'x',
      birthDate: 'y',
      contact: [{ gender: 'male' }],
    });
    expect(issues.map(({ expression }) => expression?.[0])).toEqual([
      'Patient.gender',
      'Patient.birthDate',
      'Patient.contact[0]',
    ]);
  });

  test('an unknown profile is a warning, told once', () => {
    const meta = { profile: ['https://svar.example.org/fhir/StructureDefinition/unknown'] };
    const entry = { resource: { resourceType: 'Patient', meta } };
    expect(validateResource({ resourceType: 'Bundle', type: 'collection', entry: [entry, entry] })).toEqual([
      expect.objectContaining({ severity: 'warning', expression: ['Bundle.entry[0].resource.meta.profile[0]'] }),
    ]);
  });

  test('hostile input is refused in time and without exhausting the stack', () => {
    let deep: unknown = { url: 'x' };
    for (let depth = 0; depth < 100_000; depth++) {
      deep = { extension: [deep] };
    }
    expect(validateResource({ resourceType: 'Patient', extension: [deep] })).not.toEqual([]);
    const data = 'A'.repeat(97);
    expect(validateResource({ resourceType: 'Binary', contentType: 'a/b', data })).toHaveLength(1);
    const long = { resourceType: 'Binary', contentType: 'a/b', data: 'AAAA'.repeat(1_000_000) };
    expect(validateResource(long)).toEqual([]);
    expect(validateResource(JSON.parse('{"resourceType":"Patient","__proto__":{"active":true}}'))).toHaveLength(1);
    expect(validateResource({ resourceType: '__proto__' })).toHaveLength(1);
  });

  test('a list of any length can be looked through', () => {
    const concept = Array.from({ length: 200_000 }, (_, n) => ({ code: `c${n}` }));
    const nested = (...more: object[]) => ({
      resourceType: 'CodeSystem',
      status: 'draft',
      content: 'complete',
      concept: [{ code: 'root', concept: [...concept, ...more] }],
    });
    expect(validateResource(nested())).toEqual([]);
    expect(validateResource(nested({ code: 'c7' }))).toEqual([expect.objectContaining({ code: 'invariant' })]);
  });

  test('many components with many codings take no more than linear time', () => {
    const codings = (prefix: string) =>
      Array.from({ length: 20_000 }, (_, n) => ({ system: 'urn:x', code: prefix + n }));
    const component = codings('b').map((coding) => ({ code: { coding: [coding] } }));
    const many = { ...observation, valueString: 'x', code: { coding: codings('a') }, component };
    expect(validateResource(many)).toEqual([]);
    const repeated = { ...many, component: [...component, { code: { coding: [{ code: 'a7', system: 'urn:x' }] } }] };
    expect(validateResource(repeated)).toEqual([expect.objectContaining({ code: 'invariant' })]);
  }, 5000);

  test.each([null, 1, 'x', [], undefined])('%j is not a resource', (value) => {
    expect(validateResource(value)).toHaveLength(1);
  });
});
