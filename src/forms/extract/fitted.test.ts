import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPrimitiveType, primitiveForms } from '../../model/r4/primitive-forms.ts';
import { fitted } from './fitted.ts';

const coding = { system: 'http://example.org', code: 'c', display: 'C' };

test.each([
  ['Coding', coding, 'CodeableConcept', { coding: [coding] }],
  ['Coding', coding, 'code', 'c'],
  ['Coding', coding, 'string', 'C'],
  ['Coding', { code: 'c' }, 'string', 'c'],
  ['CodeableConcept', { text: 'C' }, 'string', 'C'],
  ['System.Integer', 3, 'positiveInt', 3],
  ['System.Integer', 3, 'Quantity', { value: 3 }],
  ['decimal', 3, 'integer', 3],
  ['System.Decimal', 2.5, 'string', '2.5'],
  ['System.Boolean', false, 'boolean', false],
  ['date', '2026-03-02', 'dateTime', '2026-03-02'],
  ['System.DateTime', '2026-03-02T23:30:00+01:00', 'date', '2026-03-02'],
  ['dateTime', '2026-03-02T23:30:00+01:00', 'instant', '2026-03-02T23:30:00+01:00'],
  ['System.String', 'Patient/1', 'Reference', { reference: 'Patient/1' }],
  ['System.String', 'words', 'CodeableConcept', { text: 'words' }],
  ['System.String', '2026-03', 'date', '2026-03'],
  ['uri', 'http://example.org', 'string', 'http://example.org'],
  ['System.Quantity', { value: 1, code: 'g' }, 'Quantity', { value: 1, code: 'g' }],
  ['Age', { value: 1, code: 'a' }, 'Quantity', { value: 1, code: 'a' }],
  ['Patient', { resourceType: 'Patient', id: '7' }, 'Reference', { reference: 'Patient/7' }],
] as const)('a %s %j fits where a %s is', (type, value, wanted, as) => {
  expect(fitted({ type, value }, [wanted])).toEqual({ type: wanted, value: as });
});

test.each([
  ['System.Integer', 0, 'positiveInt'],
  ['System.Decimal', 2.5, 'integer'],
  ['dateTime', '2026-03-02', 'instant'],
  ['System.String', 'words', 'date'],
  ['System.String', 'two words', 'uri'],
  ['boolean', true, 'integer'],
  ['Coding', coding, 'Quantity'],
  ['Patient', { resourceType: 'Patient' }, 'Reference'],
  ['Attachment', {}, 'string'],
] as const)('a %s %j does not fit where a %s is', (type, value, wanted) => {
  expect(fitted({ type, value }, [wanted])).toBeUndefined();
});

test('a choice takes the type that says most of the value', () => {
  const types = ['Quantity', 'CodeableConcept', 'string', 'boolean', 'integer', 'dateTime'];
  const typeOf = (type: string, value: unknown) => fitted({ type, value }, types)?.type;
  expect(typeOf('integer', 3)).toBe('integer');
  expect(typeOf('decimal', 3)).toBe('Quantity');
  expect(typeOf('date', '2026-03-02')).toBe('dateTime');
  expect(typeOf('string', '2026-03-02')).toBe('string');
  expect(typeOf('Coding', coding)).toBe('CodeableConcept');
});

test('what fits a primitive type has its form', () => {
  const values = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean());
  const types = fc.constantFrom('System.String', 'System.Integer', 'System.Decimal', 'date', 'dateTime', 'uri', 'code');
  const wanted = fc.constantFrom(...Object.keys(primitiveForms).filter(isPrimitiveType));
  fc.assert(
    fc.property(types, values, wanted, (type, value, to) => {
      const found = fitted({ type, value }, [to]);
      return found === undefined || primitiveForms[to](found.value);
    }),
    { numRuns: 2000 },
  );
});
