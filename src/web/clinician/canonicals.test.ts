import { expect, test } from 'vitest';
import { everyVersion, inEveryVersion } from './canonicals.ts';

const FORM = 'https://example.org/Questionnaire/hads';

test('answers to a form are searched by its address alone and by each of its versions', () => {
  const known = [
    { url: FORM, version: '1.0.0' },
    { url: FORM, version: '2.0.0' },
    { url: 'https://example.org/Questionnaire/other', version: '1.0.0' },
    { url: FORM },
  ];
  expect(everyVersion([FORM], known)).toBe(`${FORM},${FORM}|1.0.0,${FORM}|2.0.0`);
});

test('a version that nobody has told of is searched as well, and nothing twice', () => {
  expect(everyVersion([`${FORM}|1.0.0`], [{ url: FORM, version: '1.0.0' }])).toBe(`${FORM},${FORM}|1.0.0`);
  expect(everyVersion([], [])).toBe('');
});

test('a form that asks for answers to another is told of those to any of its versions', () => {
  const known = [{ url: FORM, version: '1.0.0' }];
  const asked = inEveryVersion(`QuestionnaireResponse?based-on=ServiceRequest/1&questionnaire=${FORM}&_count=1`, known);
  expect([...new URLSearchParams(asked.split('?')[1])]).toEqual([
    ['based-on', 'ServiceRequest/1'],
    ['questionnaire', `${FORM},${FORM}|1.0.0`],
    ['_count', '1'],
  ]);
  const others = 'Location?organization=Organization/1&status=active';
  expect(inEveryVersion(others, known)).toBe(others);
});
