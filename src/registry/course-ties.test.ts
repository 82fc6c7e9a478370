import { describe, expect, test } from 'vitest';
import { courseLabels, givenLabels, isNational, type MembershipFacts, patientLabels } from './course-ties.ts';

const local: MembershipFacts = {
  onStudy: true,
  study: { id: 'local', protocols: ['PlanDefinition/pain'], hospital: 'h', national: false },
};
const national: MembershipFacts = {
  onStudy: true,
  study: { id: 'whole', protocols: ['PlanDefinition/pain'], hospital: undefined, national: true },
};

describe('a course belongs', () => {
  const cases: [string, readonly string[], readonly MembershipFacts[], readonly string[]][] = [
    ['to nobody, without an Organization', [], [], []],
    ['to its hospital, in no registry yet', ['h'], [], ['Organization/h', 'Organization/h *']],
    [
      'to its ward and the hospital of that',
      ['w', 'h'],
      [],
      ['Organization/w', 'Organization/w *', 'Organization/h', 'Organization/h *'],
    ],
    ['to its hospital within a registry', ['h'], [local], ['Organization/h', 'Organization/h PlanDefinition/pain']],
    [
      'to a registry that it has left',
      ['h'],
      [{ ...local, onStudy: false }],
      ['Organization/h', 'Organization/h PlanDefinition/pain'],
    ],
    [
      'to the national study while it is on it',
      ['h'],
      [national],
      ['Organization/h', 'Organization/h PlanDefinition/pain', 'ResearchStudy/whole'],
    ],
    [
      'to no national study that it is a candidate of, or has left',
      ['h'],
      [{ ...national, onStudy: false }],
      ['Organization/h', 'Organization/h PlanDefinition/pain'],
    ],
    [
      'no more to the registry of a hospital that it has left',
      ['other'],
      [local],
      ['Organization/other', 'Organization/other *'],
    ],
  ];
  test.each(cases)('%s', (_name, organizations, memberships, labels) => {
    expect([...courseLabels(organizations, memberships)].sort()).toEqual([...labels].sort());
  });
});

test('a patient belongs to the hospitals of all courses, in whatever registry, and to the national studies', () => {
  const courses = [courseLabels(['h'], [local, national]), courseLabels(['other'], [])];
  expect([...patientLabels(courses)].sort()).toEqual([
    'Organization/h',
    'Organization/h *',
    'Organization/other',
    'Organization/other *',
    'ResearchStudy/whole',
  ]);
  expect(patientLabels([]).size).toBe(0);
});

test('what is given is given to the hospital in whatever registry', () => {
  expect(givenLabels('Organization/h')).toEqual(['Organization/h', 'Organization/h *']);
});

test.each([
  [{ isPart: false, hasParts: true, hasSponsor: true }, true],
  [{ isPart: false, hasParts: false, hasSponsor: false }, true],
  [{ isPart: false, hasParts: false, hasSponsor: true }, false],
  [{ isPart: true, hasParts: true, hasSponsor: false }, false],
])('a study that is %o is national: %s', (study, national) => {
  expect(isNational(study)).toBe(national);
});
