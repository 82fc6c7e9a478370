import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../issue.ts';
import { parseJson, parseJsonArray } from './parse.ts';

function refusal(source: string | Buffer): string {
  try {
    parseJson(source);
  } catch (error) {
    if (error instanceof FhirError) {
      expect(error.status).toBe(400);
      return error.message;
    }
    throw error;
  }
  return 'accepted';
}

describe('parseJson', () => {
  it('keeps decimals, element order and escapes and drops insignificant whitespace', () => {
    const { text, value } = parseJson('\n{ "b" : 1.00,\r\n\t"a":[ 1e2 , -0.50 ], "s": "\\u00e6 / \\/ \\t  x" }\n');
    expect(text).toBe('{"b":1.00,"a":[1e2,-0.50],"s":"\\u00e6 / \\/ \\t  x"}');
    expect(value).toEqual({ b: 1, a: [100, -0.5], s: 'æ / / \t  x' });
  });

  it('drops a byte order mark', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}')).text).toBe('{"a":1}');
    expect(parseJson('\ufeff{"a":1}').text).toBe('{"a":1}');
  });

  it.each([
    ['', 'line 1, column 1'],
    ['{', 'line 1, column 2'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":[1,]}', 'line 1, column 9'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{\n"a":1\n"b":2}', 'line 3, column 1'],
    ['{"a":01}', 'zero'],
    ['{"a":+1}', 'value'],
    ['{"a":.5}', 'value'],
    ['{"a":1.}', 'digit'],
    ['{"a":1e}', 'digit'],
    ['{"a":NaN}', 'value'],
    ['{"a":tru}', 'value'],
    ["{'a':1}", 'key in quotes'],
    ['{"a":"x', 'inside a string'],
    ['{"a":"x\\', 'escape'],
    ['{"a":"\\x"}', 'escape'],
    ['{"a":"\\u12g4"}', 'hexadecimal'],
    ['{"a":"\t"}', 'control character'],
    ['{"a":1}}', 'follows its end'],
    ['{"a":[1}', 'comma or the end'],
    ['/*c*/{"a":1}', 'value'],
    ['[]', 'must be an object'],
    ['"text"', 'must be an object'],
    ['1', 'must be an object'],
  ])('refuses broken JSON and tells where: %s', (source, told) => {
    expect(refusal(source)).toContain(told);
  });

  it('refuses the same key twice in one object, also when one is escaped or the object is large', () => {
    expect(refusal('{"a":1,"a":2}')).toContain('same key twice');
    expect(refusal('{"a":1,"\\u0061":2}')).toContain('same key twice');
    const many = Array.from({ length: 1000 }, (_, i) => `"k${i}":${i}`).join(',');
    expect(refusal(`{${many}}`)).toBe('accepted');
    expect(refusal(`{${many},"k3":0}`)).toContain('same key twice');
    expect(refusal(`{${many},"k999":0}`)).toContain('same key twice');
  });

  it('accepts the same key in different objects', () => {
    expect(refusal('{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}')).toBe('accepted');
  });

  it('refuses keys whose hashes are equal only if the keys are', () => {
    expect(refusal('{"Aa":1,"BB":2}')).toBe('accepted');
  });

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])('refuses the key %s', (key) => {
    expect(refusal(`{"a":{"${key}":{}}}`)).toContain('JavaScript reserves');
  });

  it('refuses NUL, raw and escaped', () => {
    expect(refusal('{"a":"\\u0000"}')).toContain('NUL');
    expect(refusal('{"a":"\u0000"}')).toContain('NUL');
    expect(refusal('{"a\\u0000":1}')).toContain('NUL');
  });

  it('refuses half of a surrogate pair, raw and escaped, and accepts pairs', () => {
    for (const half of ['\\ud83d', '\\ude00', '\\ud83d\\ud83d', '\ud83d', '\ude00', '\\ud83dx', '\\ude00\\ud83d']) {
      expect(refusal(`{"a":"${half}"}`)).toContain('surrogate');
    }
    expect(refusal('{"a":"\\ud83d\\ude00 \u{1f600} \\ud83d\ude00"}')).toBe('accepted');
  });

  it('refuses nesting beyond the limit without overflowing the stack', () => {
    expect(refusal(`{"a":${'['.repeat(100_000)}`)).toContain('256 deep');
    expect(refusal('{"a":'.repeat(100_000))).toContain('256 deep');
    expect(refusal(`{"a":${'['.repeat(255)}${']'.repeat(255)}}`)).toBe('accepted');
    expect(refusal(`{"a":${'['.repeat(256)}${']'.repeat(256)}}`)).toContain('256 deep');
  });

  it('refuses what is not UTF-8 and names the byte', () => {
    expect(refusal(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toContain('byte 3');
    expect(refusal(Buffer.from('{"a":1}', 'utf16le'))).not.toBe('accepted');
  });

  it('never repeats the content in a refusal', () => {
    expect(refusal('{"family":"Secretsen" "given":1}')).not.toContain('Secretsen');
    expect(refusal('{"Secretsen":1,"Secretsen":2}')).not.toContain('Secretsen');
  });

  it('reads a million elements in linear time', () => {
    const { value } = parseJson(`{"a":[${'1,'.repeat(999_999)}1]}`);
    expect((value.a as unknown[]).length).toBe(1_000_000);
  });

  it('agrees with JSON.parse about every JSON text, however it is indented', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })),
        fc.integer({ min: 0, max: 3 }),
        (v, indent) => {
          const plain = JSON.stringify(v);
          if (/__proto__|"constructor"|"prototype"|\\u0000|\\ud[89a-f]/i.test(plain)) {
            return;
          }
          const parsed = parseJson(JSON.stringify(v, null, indent));
          expect(parsed.text).toBe(plain);
          expect(parsed.value).toEqual(JSON.parse(plain));
        },
      ),
    );
  });

  it('accepts no text that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'null',
      ' ',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const source = `{"k":${parts.join('')}}`;
        let valid = true;
        try {
          JSON.parse(source);
        } catch {
          valid = false;
        }
        const answer = refusal(source);
        expect(answer === 'accepted' || answer.includes('same key twice')).toBe(valid);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('parseJsonArray', () => {
  it('reads an array and refuses an object', () => {
    expect(parseJsonArray('[{"op":"remove","path":"/a"}]')).toEqual([{ op: 'remove', path: '/a' }]);
    expect(() => parseJsonArray('{}')).toThrow('must be an array');
  });
});
