import type { Bundle, Extension, Patient, Questionnaire, QuestionnaireItem, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { answered, CORE, code, extracted, faults, form, marked, resources } from '../../../tests/kit/extraction.ts';

const put = (valueString: string): { extension: Extension[] } => ({
  extension: [marked('templateExtractValue', { valueString })],
});
const on = (valueString: string): { extension: Extension[] } => ({
  extension: [marked('templateExtractContext', { valueString })],
});
const from = (id: string, ...more: Extension[]): Extension =>
  marked('templateExtract', { extension: [{ url: 'template', valueReference: { reference: `#${id}` } }, ...more] });

/** Templates hold what R4's types do not: elements without a value. */
function template(resource: object): Resource {
  return { id: 't', ...resource } as Resource;
}

function withTemplate(resource: object, item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire {
  return form(item, { contained: [template(resource)], extension: [from('t')], ...more });
}

const text: QuestionnaireItem = { linkId: 'text', type: 'string', repeats: true };
const told = (...values: string[]) =>
  answered([{ linkId: 'text', answer: values.map((valueString) => ({ valueString })) }]);
const TEXT = "item.where(linkId = 'text').answer.value";

describe('resources by template', () => {
  it('are made of the form even if nothing is answered, and of an item only where it is', () => {
    const basic = { resourceType: 'Basic', code: { text: 'literal' } };
    expect(resources(extracted(withTemplate(basic, [text]), answered([])))).toEqual([basic]);
    const ofItem = withTemplate(basic, [{ ...text, extension: [from('t')] }], { extension: [] });
    expect(extracted(ofItem, answered([])).bundle).toBeUndefined();
    expect(resources(extracted(ofItem, told('a', 'b')))).toEqual([basic, basic]);
  });

  it('are filled in from the one answer that each is made for', () => {
    const basic = { resourceType: 'Basic', code: { _text: put('answer.value') } };
    const ofItem = withTemplate(basic, [{ ...text, extension: [from('t')] }], { extension: [] });
    expect(resources(extracted(ofItem, told('a', 'b')))).toEqual([
      { resourceType: 'Basic', code: { text: 'a' } },
      { resourceType: 'Basic', code: { text: 'b' } },
    ]);
  });

  it('have what is put in an element instead of what the template has there, or nothing', () => {
    const patient = {
      resourceType: 'Patient',
      gender: 'unknown',
      _gender: put("iif(item.exists(), 'female', {})"),
      birthDate: '1900-01-01',
      _birthDate: { id: 'kept', extension: [...put('{}').extension] },
      active: true,
    };
    const questionnaire = withTemplate(patient, [text]);
    expect(resources(extracted(questionnaire, told('a')))).toEqual([
      { resourceType: 'Patient', gender: 'female', active: true },
    ]);
    expect(resources(extracted(questionnaire, answered([])))).toEqual([{ resourceType: 'Patient', active: true }]);
  });

  it('have an element for each result, and what is in it is evaluated on that', () => {
    const patient = {
      resourceType: 'Patient',
      name: [{ text: 'first' }, { ...on(TEXT), use: 'usual', _family: put('$this'), _given: [put("'of ' + $this")] }],
    };
    expect(resources(extracted(withTemplate(patient, [text]), told('a', 'b')))).toEqual([
      {
        resourceType: 'Patient',
        name: [
          { text: 'first' },
          { use: 'usual', family: 'a', given: ['of a'] },
          { use: 'usual', family: 'b', given: ['of b'] },
        ],
      },
    ]);
  });

  it('know the result of a context by its name, the variables of the form, and the ids that it allocates', () => {
    const named = marked('templateExtractContext', {
      valueExpression: { language: 'text/fhirpath', name: 'each', expression: TEXT },
    });
    const patient = {
      resourceType: 'Patient',
      name: [{ extension: [named], _text: put('%each + %suffix') }],
      link: [{ other: put('%other'), type: 'refer' }],
    };
    const variable = {
      url: `${CORE}variable`,
      valueExpression: { language: 'text/fhirpath' as const, name: 'suffix', expression: "'!'" },
    };
    const allocated = marked('extractAllocateId', { valueString: 'other' });
    const questionnaire = withTemplate(patient, [text], { extension: [variable, allocated, from('t')] });
    expect(resources(extracted(questionnaire, told('a')))).toEqual([
      {
        resourceType: 'Patient',
        name: [{ text: 'a!' }],
        link: [{ other: { reference: 'urn:uuid:1' }, type: 'refer' }],
      },
    ]);
  });

  it('keep other extensions, and fill in those that hold something to put', () => {
    const patient = {
      resourceType: 'Patient',
      extension: [
        { url: 'urn:fixed', valueCode: 'x' },
        { url: 'urn:put', _valueString: put(TEXT) },
      ],
      gender: 'unknown',
      _gender: { extension: [...put("'other'").extension, { url: 'urn:kept', valueCode: 'y' }] },
      name: [{ given: ['A', 'B'], _given: [null, { extension: [{ url: 'urn:second', valueCode: 'z' }] }] }],
    };
    expect(resources(extracted(withTemplate(patient, [text]), told('a')))).toEqual([
      {
        resourceType: 'Patient',
        extension: [
          { url: 'urn:fixed', valueCode: 'x' },
          { url: 'urn:put', valueString: 'a' },
        ],
        gender: 'other',
        _gender: { extension: [{ url: 'urn:kept', valueCode: 'y' }] },
        name: [{ given: ['A', 'B'], _given: [null, { extension: [{ url: 'urn:second', valueCode: 'z' }] }] }],
      },
    ]);
  });

  it('take values as the element has them, and tell of those that do not fit or are too many', () => {
    const patient = {
      resourceType: 'Patient',
      maritalStatus: put("item.where(linkId = 'choice').answer.value"),
      _gender: put("item.where(linkId = 'choice').answer.value"),
      multipleBirthInteger: 0,
      _multipleBirthInteger: put('1.5'),
      _birthDate: put(TEXT),
      managingOrganization: { _reference: put(TEXT) },
    };
    const choice: QuestionnaireItem = { linkId: 'choice', type: 'choice', answerOption: [{ valueCoding: code('m') }] };
    const response = answered([
      { linkId: 'text', answer: [{ valueString: 'Organization/1' }, { valueString: 'Organization/2' }] },
      { linkId: 'choice', answer: [{ valueCoding: code('m') }] },
    ]);
    const result = extracted(withTemplate(patient, [text, choice]), response);
    expect(resources(result)).toEqual([
      {
        resourceType: 'Patient',
        maritalStatus: { coding: [code('m')] },
        gender: 'm',
        managingOrganization: { reference: 'Organization/1' },
      },
    ]);
    expect(result.issues.map(({ code: each, expression }) => [each, expression?.[0]])).toEqual([
      ['value', 'Questionnaire.contained[0].multipleBirth.extension[0]'],
      ['value', 'Questionnaire.contained[0].birthDate.extension[0]'],
      ['multiple-matches', 'Questionnaire.contained[0].managingOrganization.reference'],
    ]);
    expect(JSON.stringify(result.issues)).not.toContain('Organization/1');
  });

  it('update the resource whose id they are given', () => {
    const patient = { resourceType: 'Patient', active: true, _id: put(TEXT) };
    expect(extracted(withTemplate(patient, [text]), told('7')).bundle?.entry?.[0]).toMatchObject({
      resource: { resourceType: 'Patient', id: '7', active: true },
      request: { method: 'PUT', url: 'Patient/7' },
    });
    const byDetail = from('t', { url: 'resourceId', valueString: TEXT });
    const questionnaire = withTemplate({ resourceType: 'Basic' }, [text], { extension: [byDetail] });
    expect(extracted(questionnaire, told('8')).bundle?.entry?.[0]?.request).toEqual({ method: 'PUT', url: 'Basic/8' });
  });

  it('leave out what can not be evaluated for an answer, and tell where, never what was answered', () => {
    const patient = { resourceType: 'Patient', active: true, name: [{ _text: put(`${TEXT}.single()`) }] };
    const { bundle, issues } = extracted(withTemplate(patient, [text]), told('secret', 'words'));
    expect(bundle?.entry?.[0]?.resource).toEqual({ resourceType: 'Patient', active: true });
    expect(issues).toMatchObject([
      { severity: 'warning', code: 'processing', expression: ['Questionnaire.contained[0].name[0].text.extension[0]'] },
    ]);
    expect(JSON.stringify(issues)).not.toContain('secret');
  });

  it('are refused where they grow without measure', () => {
    const each = on('%resource.item.answer');
    const nested = { ...each, contact: [{ ...each, telecom: [{ ...each, extension: [...each.extension], rank: 1 }] }] };
    const patient = { resourceType: 'Patient', ...nested };
    const many = told(...Array.from({ length: 60 }, (_, n) => `${n}`));
    expect(() => extracted(withTemplate(patient, [text]), many)).toThrow(
      'The form extracts more than 100000 elements.',
    );
  });

  it('are evaluated within a limit that all expressions share', () => {
    const walking = put('%resource.item.answer.where(true).count()');
    const patient = { resourceType: 'Patient', name: [{ ...on('%resource.item.answer'), _text: walking }] };
    const many = told(...Array.from({ length: 1000 }, (_, n) => `${n}`));
    const { bundle, issues } = extracted(withTemplate(patient, [text]), many);
    const [made] = resources<Patient>({ bundle, issues, complete: false });
    expect(made?.name?.length).toBeGreaterThan(50);
    expect(made?.name?.length).toBeLessThan(1000);
    expect(issues[0]?.diagnostics).toContain('more work than is permitted');
  });

  it('are refused where the form has too many of them', () => {
    const patient = { resourceType: 'Patient', name: Array.from({ length: 1000 }, () => ({ text: 'a' })) };
    const items = Array.from({ length: 60 }, (_, n) => ({ ...text, linkId: `${n}`, extension: [from('t')] }));
    expect(faults(withTemplate(patient, items)).map(([each]) => each)).toEqual(['too-costly']);
    expect(faults(withTemplate(patient, items.slice(0, 10)))).toEqual([]);
  });

  it('are not made of what the form does not contain, and not by what does not parse', () => {
    expect(faults(form([text], { extension: [from('none')] }))).toEqual([
      ['not-found', 'Questionnaire.extension[0].extension[0]'],
    ]);
    expect(faults(withTemplate({ resourceType: 'Patient', _gender: put('where(') }, [text]))).toEqual([
      ['invalid', 'Questionnaire.contained[0].gender.extension[0]'],
    ]);
    const bundle = marked('templateExtractBundle', { valueReference: { reference: '#t' } });
    expect(faults(withTemplate({ resourceType: 'Patient' }, [text], { extension: [bundle] }))).toEqual([
      ['value', 'Questionnaire.extension[0]'],
    ]);
  });
});

describe('a transaction by template', () => {
  const bundle = marked('templateExtractBundle', { valueReference: { reference: '#t' } });
  const transaction = (entry: object[]): Questionnaire =>
    withTemplate({ resourceType: 'Bundle', type: 'transaction', entry }, [text], { extension: [bundle] });

  it('has an entry for each result of its context, and its own fullUrl for each', () => {
    const questionnaire = transaction([
      {
        ...on(TEXT),
        fullUrl: 'urn:uuid:fixed',
        resource: { resourceType: 'Patient', name: [{ _text: put('$this') }] },
        request: { method: 'POST', url: 'Patient', _ifNoneExist: put("'name=' + $this") },
      },
      { ...on('{}'), resource: { resourceType: 'Basic' }, request: { method: 'POST', url: 'Basic' } },
      { request: { method: 'DELETE', url: 'Basic/1' } },
    ]);
    expect(extracted(questionnaire, told('a', 'b')).bundle?.entry).toEqual([
      {
        fullUrl: 'urn:uuid:fixed',
        resource: { resourceType: 'Patient', name: [{ text: 'a' }] },
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'name=a' },
      },
      {
        fullUrl: 'urn:uuid:1',
        resource: { resourceType: 'Patient', name: [{ text: 'b' }] },
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'name=b' },
      },
      { request: { method: 'DELETE', url: 'Basic/1' } },
    ]);
  });

  it('creates or updates where it does not say itself', () => {
    const entry = [
      { resource: { resourceType: 'Patient', active: true } },
      { resource: { resourceType: 'Patient', _id: put(TEXT) } },
    ];
    const made: Bundle | undefined = extracted(transaction(entry), told('7')).bundle;
    expect(made?.entry?.map(({ request }) => request)).toEqual([
      { method: 'POST', url: 'Patient' },
      { method: 'PUT', url: 'Patient/7' },
    ]);
  });

  it('stands beside what other ways extract', () => {
    const observed: QuestionnaireItem = {
      ...text,
      code: [code('text')],
      extension: [marked('observationExtract', { valueBoolean: true })],
    };
    const questionnaire = {
      ...transaction([{ resource: { resourceType: 'Patient', active: true } }]),
      item: [observed],
    };
    const types = resources(extracted(questionnaire, told('a'))).map(({ resourceType }) => resourceType);
    expect(types).toEqual(['Observation', 'Patient']);
  });

  it('is complete beside a StructureMap that says the same once more, and where another expression fails', () => {
    const map = marked('targetStructureMap', { valueCanonical: 'http://example.org/StructureMap/same' });
    const cql = { language: 'text/cql' as const, expression: 'Sum' };
    const sum: QuestionnaireItem = {
      linkId: 'sum',
      type: 'integer',
      extension: [marked('calculatedExpression', { valueExpression: cql })],
    };
    const questionnaire = transaction([{ resource: { resourceType: 'Patient', active: true } }]);
    const both = { ...questionnaire, item: [text, sum], extension: [bundle, map] };
    const { complete, issues } = extracted(both, told('a'));
    expect(complete).toBe(true);
    expect(issues.map(({ severity, code: each }) => [severity, each])).toEqual([
      ['information', 'not-supported'],
      ['warning', 'processing'],
    ]);
    const failing = transaction([{ resource: { resourceType: 'Patient', active: true, _gender: put(TEXT) } }]);
    expect(extracted(failing, told('other')).complete).toBe(true);
    expect(extracted(failing, told(' padded')).complete).toBe(false);
  });
});
