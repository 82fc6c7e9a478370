import { describe, expect, test } from 'vitest';
import { FhirPathSyntaxError } from './fhirpath.ts';
import { r4FhirPath } from './r4.ts';

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  birthDate: '1980-02-29',
  _birthDate: { extension: [{ url: 'http://example.org/time', valueDateTime: '1980-02-29T10:00:00Z' }] },
  deceasedBoolean: false,
  name: [
    { family: 'Prøve', given: ['Kari', 'Ola'] },
    { given: [null, 'Li'], _given: [{ id: 'a' }, null] },
  ],
  contact: [{ gender: 'female' }],
  _active: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] },
};

function evaluate(expression: string, value: unknown = patient, type = 'Patient'): readonly unknown[] {
  const compiled = r4FhirPath().compile(expression, type);
  expect(compiled.engine).toBe('own');
  return compiled.evaluate(value);
}

describe('paths', () => {
  test('a path collects what all items have, in order', () => {
    expect(evaluate('Patient.name.given')).toEqual(['Kari', 'Ola', 'Li']);
  });
  test('a choice element is found by its FHIRPath name', () => {
    expect(evaluate('deceased')).toEqual([false]);
  });
  test('the name of another type at the start yields nothing', () => {
    expect(evaluate('Observation.id')).toEqual([]);
  });
  test('a primitive that only has an extension exists, but has no value', () => {
    expect(evaluate('active.exists() and active.hasValue().not()')).toEqual([true]);
    expect(evaluate('active')).toEqual([]);
  });
  test('the extensions of a primitive are found', () => {
    expect(evaluate("birthDate.extension('http://example.org/time').value")).toEqual(['1980-02-29T10:00:00Z']);
  });
  test('values come with their types', () => {
    expect(r4FhirPath().compile('Patient.deceased | Patient.contact.gender', 'Patient').evaluateTyped(patient)).toEqual(
      [
        { type: 'boolean', value: false },
        { type: 'code', value: 'female' },
      ],
    );
  });
});

describe('logic and comparison', () => {
  test.each([
    ['{} and false', false],
    ['{} or true', true],
    ['{} implies true', true],
    ['false implies {}', true],
    ['1 + 2 * 3 = 7', true],
    ["'a' & {} = 'a'", true],
    ["'abc'.substring(1) in ('bc' | 'x')", true],
    ['(1 | 1 | 2).count() = 2', true],
    ["name.where(family = 'Prøve').exists()", true],
    ['birthDate < @1980-03-01', true],
    ["'1.0'.matches('^[0-9]+[.][0-9]$')", true],
    ['(2 | 3).all($this > 1)', true],
    ['0.1 + 0.2 = 0.3', true],
    ['1.1 * 3 = 3.3', true],
    ['0.3 div 0.1 = 3', true],
    ['0.3 mod 0.1 = 0', true],
    ['5.5 mod 0.7 = 0.6', true],
    ['--1 = 1', true],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual([expected]);
  });
  test.each(['{} and true', '{} or false', 'birthDate = @1980', '1 / 0', '{} = 1'])('%s is empty', (expression) => {
    expect(evaluate(expression)).toEqual([]);
  });
  test('quantities compare across UCUM units', () => {
    const range = {
      low: { value: 5.4, system: 'http://unitsofmeasure.org', code: 'mg' },
      high: { value: 0.0055, system: 'http://unitsofmeasure.org', code: 'g' },
    };
    expect(evaluate('low <= high', range, 'Range')).toEqual([true]);
    expect(evaluate('low > high', range, 'Range')).toEqual([false]);
  });
});

test('the type of a reference is told by the reference', () => {
  const observation = { resourceType: 'Observation', subject: { reference: 'http://example.org/fhir/Patient/1' } };
  expect(evaluate('Observation.subject.where(resolve() is Patient).exists()', observation, 'Observation')).toEqual([
    true,
  ]);
  expect(evaluate('Observation.subject.where(resolve() is Group).exists()', observation, 'Observation')).toEqual([
    false,
  ]);
});

test('what this engine does not know is evaluated by the fhirpath package', () => {
  const compiled = r4FhirPath().compile("name.given.select(encode('hex')).first()", 'Patient');
  expect(compiled.engine).toBe('package');
  expect(compiled.evaluateTyped(patient)).toEqual([{ type: 'System.String', value: '4b617269' }]);
});

test('what is not FHIRPath is refused with its position', () => {
  expect(() => r4FhirPath().compile('name.where(', 'Patient')).toThrow(FhirPathSyntaxError);
  expect(() => r4FhirPath().compile('name[0', 'Patient')).toThrow('] expected at position 7');
  expect(() => r4FhirPath().compile(`${'('.repeat(100_000)}1`, 'Patient')).toThrow('nested too deep');
});

test.each([
  ['signs', `${'-'.repeat(100_000)}1`],
  ['steps', `name${'.given'.repeat(100_000)}`],
  ['operands', `1${'+1'.repeat(100_000)}`],
])('an endless chain of %s is refused', (_, expression) => {
  expect(() => r4FhirPath().compile(expression, 'Patient')).toThrow(FhirPathSyntaxError);
});

test('lists of any length are walked, and arguments of any number parsed', () => {
  const entry = Array.from({ length: 200_000 }, () => ({ deleted: true }));
  expect(evaluate('descendants().count()', { resourceType: 'List', entry }, 'List')).toEqual([400_000]);
  expect(
    r4FhirPath()
      .compile(`iif(true, ${'1,'.repeat(200_000)}1)`, 'Patient')
      .evaluate(patient),
  ).toEqual([1]);
});

test.each(['(1).repeat($this + 1)', "'a'.repeat($this & 'a')", `(1)${'.select(1.combine(1))'.repeat(40)}`])(
  'what would never end, or fill the memory, is given up: %.40s',
  (expression) => {
    const compiled = r4FhirPath().compile(expression, 'Patient');
    expect(compiled.engine).toBe('own');
    expect(() => compiled.evaluate(patient)).toThrow(/more than (?:2000000 items|1000000 characters)/);
  },
);

test('the package, which would not give up, gets a repeat() only if it walks', () => {
  const walking = r4FhirPath().compile(
    "repeat(name | contact.where(gender.exists())).given.first().encode('hex')",
    'Patient',
  );
  expect(walking.engine).toBe('package');
  expect(walking.evaluate(patient)).toEqual(['4b617269']);
  for (const endless of ['$this + 1', '-$this', "replace('a', 'aa')", 'select($this & 1)']) {
    expect(() => r4FhirPath().compile(`'a'.repeat(${endless}).encode('hex')`, 'Patient'), endless).toThrow();
  }
});

test('a regular expression from outside takes linear time', () => {
  const hard = { resourceType: 'Patient', id: 'a'.repeat(5000) };
  expect(evaluate("id.matches('^(a+)+b$')", hard)).toEqual([false]);
  expect(() => r4FhirPath().compile("name.given.encode('hex').matches('(a+)+b')", 'Patient')).toThrow('encode');
  // The package, whose regular expressions may take exponential time, is not reached by another way of writing it.
  for (const call of ["matches /* */ ('(a+)+b')", "`matches`('(a+)+b')", "matches // \n ('(a+)+b')"]) {
    expect(() => r4FhirPath().compile(`name.given.encode('hex').${call}`, 'Patient')).toThrow('encode');
  }
});
