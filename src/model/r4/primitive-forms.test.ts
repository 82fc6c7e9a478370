import { describe, expect, test } from 'vitest';
import { type PrimitiveType, primitiveForms } from './primitive-forms.ts';

const right: [PrimitiveType, unknown][] = [
  ['date', '2024-02-29'],
  ['date', '2000-02-29'],
  ['date', '1900'],
  ['date', '0001-01'],
  ['dateTime', '2026-03-02T08:00:00+01:00'],
  ['dateTime', '2026-03-02T24:00:00Z'.replace('24', '23')],
  ['dateTime', '2016-12-31T23:59:60Z'],
  ['instant', '2026-03-02T08:00:00.123456Z'],
  ['time', '23:59:59.9'],
  ['string', 'de\u00a0Vries\r\n\t'],
  ['code', 'a b'],
  ['id', 'A-1.b'],
  ['oid', 'urn:oid:2.16.578.1.12.4.1.4.1'],
  ['uuid', 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  ['base64Binary', 'YWJj\r\nZGVm ZA=='],
  ['decimal', -0.1e-7],
  ['integer', -2147483648],
  ['unsignedInt', 0],
  ['positiveInt', 2147483647],
  ['boolean', false],
  ['uri', 'urn:x'],
];

const wrong: [PrimitiveType, unknown][] = [
  ['date', '2021-02-30'],
  ['date', '1900-02-29'],
  ['date', '2021-00-01'],
  ['date', '2021-13'],
  ['date', '0000'],
  ['date', '21-01-01'],
  ['date', '2021-01-01T00:00:00Z'],
  ['dateTime', '2021-02-30T00:00:00Z'],
  ['dateTime', '2021-02-03T10:00Z'],
  ['dateTime', '2021-02-03T24:00:00Z'],
  ['dateTime', '2021-02-03T10:00:00+14:30'],
  ['instant', '2021-02-03'],
  ['time', '10:00'],
  ['string', ''],
  ['string', ' \n'],
  ['string', 'a\u000b'],
  ['string', '\udc00'],
  ['string', 'a'.repeat(1_048_577)],
  ['string', 1],
  ['code', 'a  b'],
  ['code', 'a\tb'],
  ['code', 'a '],
  ['id', 'a'.repeat(65)],
  ['id', ''],
  ['oid', 'urn:oid:3.1'],
  ['uuid', 'urn:uuid:C757873D-EC9A-4326-A141-556F43239520'],
  ['base64Binary', 'YWJ'],
  ['base64Binary', 'YW=j'],
  ['base64Binary', 'Y==='],
  ['base64Binary', 'YW Jj-_'],
  ['base64Binary', ''],
  ['decimal', Number.NaN],
  ['decimal', '1'],
  ['integer', 1.5],
  ['integer', 2147483648],
  ['unsignedInt', -1],
  ['positiveInt', 0],
  ['boolean', 'true'],
  ['uri', 'a b'],
];

describe('a primitive', () => {
  test.each(right)('of type %s may be %j', (type, value) => {
    expect(primitiveForms[type](value)).toBe(true);
  });

  test.each(wrong.filter(([, value]) => typeof value !== 'string' || value.length < 100))(
    'of type %s may not be %j',
    (type, value) => {
      expect(primitiveForms[type](value)).toBe(false);
    },
  );

  test('of type string has at most 1,048,576 characters', () => {
    expect(primitiveForms.string('a'.repeat(1_048_576))).toBe(true);
    expect(primitiveForms.string('a'.repeat(1_048_577))).toBe(false);
  });

  test('of any type is told in time linear in the text', () => {
    const hostile = [
      'A'.repeat(97),
      'A'.repeat(4_000_001),
      'a '.repeat(500_000),
      '.1'.repeat(500_000),
      ' '.repeat(1_000_000),
    ];
    const started = performance.now();
    for (const text of hostile) {
      for (const form of Object.values(primitiveForms)) {
        form(text);
        form(`urn:oid:1${text}`);
        form(`2021-01-01T00:00:00.${text}`);
      }
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
