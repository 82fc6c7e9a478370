import { describe, expect, test } from 'vitest';
import { credentialsIn } from './credentials.ts';
import { filters } from './delivered.ts';
import { listText } from './list-text.ts';
import { countsOf } from './referrals-count.ts';

describe('who asks', () => {
  test('is a token, a session or a client, of the environment', () => {
    expect(credentialsIn({ SVAR_TOKEN: 'abc', SVAR_CLIENT: 'a:b' })).toEqual({ authorization: 'Bearer abc' });
    expect(credentialsIn({ SVAR_SESSION: 'abc' })).toMatchObject({
      cookie: 'svar-session=abc; __Host-svar-session=abc',
    });
    expect(credentialsIn({ SVAR_CLIENT: 'a:b:c' })).toEqual({ authorization: `Basic ${btoa('a:b:c')}` });
  });

  test.each([{}, { SVAR_CLIENT: 'demo-ehr' }, { SVAR_CLIENT: ':demo' }])(
    'is asked for where it is %j',
    (environment) => {
      expect(() => credentialsIn(environment)).toThrow('SVAR_CLIENT');
    },
  );
});

describe('a file of counts', () => {
  test('is read line by line, with blank lines and Windows line ends', () => {
    const text = 'hospital,from,to,count\r\nOrganization/haukeland,2026-01-01,2026-01-31,12\r\n\r\n';
    expect(countsOf(text)).toEqual([
      { hospital: 'Organization/haukeland', from: '2026-01-01', to: '2026-01-31', count: 12 },
    ]);
  });

  test.each([
    ['hospital;from;to;count', 'The first line'],
    ['hospital,from,to,count\nhaukeland,2026-01-01,2026-01-31,12', 'line 2'],
    [
      'hospital,from,to,count\nOrganization/a,2026-01-01,2026-01-31,12\nOrganization/a,2026-02-01,2026-02-28,-1',
      'line 3',
    ],
    ['hospital,from,to,count\nOrganization/a,2026-01-01,2026-01-31,12,x', 'line 2'],
  ])('%j is refused', (text, words) => {
    expect(() => countsOf(text)).toThrow(words);
  });
});

describe('filters of what was delivered', () => {
  const now = new Date('2026-03-02T12:00:00Z');

  test('by age: from 18 to 66 years are those born from 3 March 1959 to 2 March 2008', () => {
    expect(filters({ 'age-from': '18', 'age-to': '66' }, now)).toEqual([
      ['patient.birthdate', 'le2008-03-02'],
      ['patient.birthdate', 'gt1959-03-02'],
    ]);
  });

  test('by days and places', () => {
    const options = { from: '2026-01-01', to: '2026-01-31', department: 'Organization/a', location: 'Location/b' };
    expect(filters(options, now)).toEqual([
      ['started', 'ge2026-01-01'],
      ['started', 'le2026-01-31'],
      ['ward', 'Organization/a'],
      ['location', 'Location/b'],
    ]);
  });

  test.each([
    ['from', 'January'],
    ['age-from', 'old'],
    ['age-to', '-1'],
  ])('%s %s is refused', (name, value) => {
    expect(() => filters({ [name]: value }, now)).toThrow('must be');
  });
});

test('a list leaves out columns that are empty everywhere', () => {
  const rows = [
    ['1', '', 'a'],
    ['22', '', ''],
  ];
  expect(listText(['id', 'why', 'name'], rows)).toBe('id  name\n1   a\n22\n');
});
