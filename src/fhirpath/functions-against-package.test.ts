import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { r4FhirPath } from './r4.ts';

/** Functions and operators that forms use, compiled here and evaluated by the fhirpath package. */

interface Package {
  evaluate(value: unknown, path: string, env: object, model: unknown): unknown[];
}

const require = createRequire(import.meta.url);
const fhirpath: Package = require('fhirpath');
const r4: unknown = require('fhirpath/fhir-context/r4');

const patient = {
  resourceType: 'Patient',
  active: true,
  birthDate: '1980-02-29',
  name: [
    { use: 'official', family: 'Prøve', given: ['Kari', 'Ola'] },
    { use: 'usual', given: ['Li'] },
  ],
  multipleBirthInteger: 3,
};

test.each([
  ...['(1 | 2 | 4).sum()', '(1.5).combine(2).combine(2).sum()', '{}.sum()', "('a' | 'b').sum()"],
  ...['(1 | 2 | 4).avg()', '(3 | 1 | 2).min()', '(3 | 1 | 2).max()', "('b' | 'a').min()", '{}.max()'],
  ...['(1 | 2 | 3).aggregate($this + $total, 0)', '(1 | 2 | 3).aggregate($total + $this * $index, 10)'],
  ...['(1 | 2 | 3).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total)))'],
  ...['(-5).abs()', '(1.1).ceiling()', '(-1.1).floor()', '(-1.9).truncate()', '81.sqrt()', '(-1).sqrt()'],
  ...['1.exp().round(3)', '78.ln().round(4)', '16.log(2)', '2.power(3)', '2.5.power(2)', '(-1).power(0.5)'],
  ...['2.345.round(2)', '(-2.5).round(0)', '1.5.round()', '3.14159.round(3)', '{}.round(1)', '0.5.round()'],
  ...["'12'.toInteger()", "'1.5'.toInteger()", "'1.5'.toDecimal()", 'true.toInteger()', '1.toBoolean()'],
  ...["'yes'.toBoolean()", "'x'.toBoolean()", '1.5.toString()', 'true.toString()', "'a'.convertsToInteger()"],
  ...["'2020-01-01'.toDate()", "'2020-13'.convertsToDate()", "'10:30'.toTime()", "'2020-01-01T10:00:00Z'.toDateTime()"],
  ...["name.given.join(', ')", "'a,b,c'.split(',')", "'banana'.indexOf('n')", "'banana'.indexOf('x')"],
  ...[
    "'banana'.replace('an', 'o')",
    "'  x '.trim()",
    "'abc'.toChars()",
    "'abc'.matchesFull('b')",
    "'abc'.matches('b')",
  ],
  ...["'abc'.substring(1, 1)", "'abc'.startsWith('ab')", "'abc' + 'd'", "'a' & {} & 'b'"],
  ...['1 + 1.5', '7 div 2', '7 mod 3', '-7 mod 3', '7 / 2', '1 / 0', '0.1 + 0.2', '5.5 mod 2', '2 * 3.5'],
  ...['%x + 1', '%x * 2.5', '%x / 2', '%x - 0.5', '%x div 2', '-%x', '%s + %s'],
  ...['@2020-01-31 + 1 month', '@2020-02-29 + 1 year', '@2020-03-31 - 1 month', '@2020 + 1 year', '@2020-01 + 31 days'],
  ...['@2020-01-01T10:00:00Z + 90 minutes', '@2020-01-01 - 7 days', '@T10:30 + 45 minutes', '@2020-01-01 + 36 hours'],
  ...['birthDate + 40 years', 'birthDate < @2000-01-01', '@2020-01-01 + 1.9 days', '@2020-01-31 + 1 week'],
  ...["2 'kg' + 500 'g'", "2 'kg' * 3", "6 'mg' / 2 'mg'", "1 'm' > 50 'cm'", "(2 'kg' + 500 'g') = 2.5 'kg'"],
  ...['(true | false).allTrue()', '{}.allTrue()', '(true | false).anyTrue()', '(1 | 2).subsetOf(1 | 2 | 3)'],
  ...['(1 | 2).supersetOf(2)', '(5 | 6 | 7).where($index > 0)', 'name.given.select($index)', '(1 | 2).all($index < 2)'],
  ...[
    "iif(name.exists(), 'yes', 'no')",
    "name.where(use = 'official').given.first()",
    'name[1].given',
    '%x in (1 | 3)',
  ],
  ...[
    'name.given.exclude(name[1].given)',
    '(1 | 2 | 3).tail().take(1)',
    'name.select(given | family)',
    '%many contains 2',
  ],
  ...[
    'multipleBirth + 1',
    'multipleBirth.power(2)',
    'name.given.count() * 2',
    '%many.sum() / %many.count()',
    '%x.exists()',
  ],
])('%s', (expression) => {
  const externals: Record<string, unknown> = { x: 3, s: 'a', many: [1, 2, 3] };
  const own = r4FhirPath().compileFor(
    {
      external: (name) => {
        const value = externals[name];
        return value === undefined
          ? undefined
          : { type: name === 's' ? 'System.String' : 'System.Integer', run: () => value };
      },
      call: () => undefined,
    },
    expression,
    'Patient',
  );
  const env = { resource: patient, rootResource: patient, context: patient };
  let expected: unknown[];
  try {
    expected = fhirpath.evaluate(patient, expression, externals, r4);
  } catch {
    expected = [];
  }
  expect(json(valuesOf(own.run(patient, env)))).toEqual(json(expected));
});

function valuesOf(found: unknown): unknown[] {
  return (Array.isArray(found) ? found : [found]).flatMap((each) => {
    const value = typeof each === 'object' && each !== null && 'type' in each && 'value' in each ? each.value : each;
    return value === undefined ? [] : [value];
  });
}

/** Quantities as text, as the package has them too; numbers as floats can tell them. */
function json(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (typeof value === 'number') {
      return Number(value.toPrecision(12));
    }
    if (typeof value === 'object' && value !== null && 'unit' in value && 'value' in value) {
      return `${Number(value.value)} ${String(value.unit).replaceAll("'", '')}`;
    }
    return String(value).replaceAll("'", '').replace('-00:00', 'Z');
  });
}
