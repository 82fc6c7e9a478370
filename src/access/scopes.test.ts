import { describe, expect, test } from 'vitest';
import type { RowCondition, Rule } from '../model/access.ts';
import { granted } from './granted.ts';
import { parseScope, SCOPES_MAX, scopeFaults } from './scopes.ts';
import type { MakeRowCondition } from './situation.ts';

/** Knows `category` alone. */
const rowCondition: MakeRowCondition = (type, criteria) =>
  criteria.startsWith('category=')
    ? ({ key: `${type}?${criteria}`, sql: () => 'true', holds: () => true } satisfies RowCondition)
    : undefined;

describe('the grammar of scopes (SMART App Launch 2.2)', () => {
  test.each([
    ['patient/Observation.rs', 'patient', 'Observation', 'read search'],
    ['user/Observation.cruds', 'user', 'Observation', 'create read update delete search'],
    ['system/*.r', 'system', '*', 'read'],
    ['system/*.cud', 'system', '*', 'create update delete'],
    ['patient/Observation.s', 'patient', 'Observation', 'search'],
    ['patient/Observation.read', 'patient', 'Observation', 'read search'],
    ['patient/Observation.write', 'patient', 'Observation', 'create update delete'],
    ['patient/*.*', 'patient', '*', 'create read update delete search'],
  ])('%s', (scope, context, type, acts) => {
    expect(parseScope(scope)).toEqual({ context, type, acts: acts.split(' ') });
  });

  test.each([
    'patient/Observation.rs?category=survey',
    'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|survey',
    'patient/QuestionnaireResponse.rs?questionnaire=https://svar.example.org/fhir/Questionnaire/hads&status=completed',
  ])('%s has constraints', (scope) => {
    expect(parseScope(scope)?.criteria).toBe(scope.split('?')[1]);
  });

  test.each([
    ['letters out of order', 'patient/Observation.sr'],
    ['a letter twice', 'patient/Observation.rr'],
    ['an unknown letter', 'patient/Observation.x'],
    ['no letter', 'patient/Observation.'],
    ['no permission', 'patient/Observation'],
    ['a type in small letters', 'patient/observation.rs'],
    ['a type that R4 does not have', 'patient/Quest.rs'],
    ['capital letters of permission', 'patient/Observation.RS'],
    ['a permission of version 1 in capitals', 'patient/Observation.Read'],
    ['both versions at once', 'patient/Observation.readrs'],
    ['a permission that is a name of every object', 'patient/Observation.constructor'],
    ['a context in capitals', 'Patient/Observation.rs'],
    ['an unknown context', 'practitioner/Observation.rs'],
    ['a wildcard as part of a type', 'patient/Obs*.rs'],
    ['two types', 'patient/Observation,Condition.rs'],
    ['two permissions', 'patient/Observation.rs.cud'],
    ['constraints of all types', 'patient/*.rs?category=survey'],
    ['constraints under version 1', 'patient/Observation.read?category=survey'],
    ['empty constraints', 'patient/Observation.rs?'],
    ['a constraint without value', 'patient/Observation.rs?category='],
    ['a constraint without name', 'patient/Observation.rs?=survey'],
    ['a constraint without either', 'patient/Observation.rs?category'],
    ['an empty constraint among others', 'patient/Observation.rs?category=survey&'],
    ['something before it', 'xpatient/Observation.rs'],
    ['something after it', 'patient/Observation.rs?category=survey x'],
    ['a constraint whose name begins with a digit', 'patient/Observation.rs?1category=survey'],
    ['two question marks', 'patient/Observation.rs?category=a?status=b'],
    ['a path above', 'patient/../Observation.rs'],
    ['more text than anybody needs', `patient/Observation.rs?category=${'x'.repeat(600)}`],
  ])('%s is no scope', (_, scope) => {
    expect(parseScope(scope)).toBeUndefined();
  });
});

describe('a request for scopes', () => {
  test('is refused for one that is not understood or cannot be applied', () => {
    expect(scopeFaults('openid fhirUser launch/patient offline_access patient/*.rs', rowCondition)).toEqual([]);
    expect(scopeFaults('patient/Observation.rs?category=survey', rowCondition)).toEqual([]);
    expect(scopeFaults('openid patient/Observation.sr', rowCondition)).toHaveLength(1);
    expect(scopeFaults('PATIENT/Observation.rs', rowCondition)).toHaveLength(1);
    expect(scopeFaults('patient/Observation.rs?code:in=x', rowCondition)).toEqual([
      expect.stringContaining('constraint'),
    ]);
  });

  test('is refused for more scopes than anybody needs', () => {
    expect(scopeFaults(Array(SCOPES_MAX).fill('patient/*.rs').join(' '), rowCondition)).toEqual([]);
    expect(
      scopeFaults(
        Array(SCOPES_MAX + 1)
          .fill('patient/*.rs')
          .join(' '),
        rowCondition,
      ),
    ).toHaveLength(1);
  });
});

describe('what a policy allows, as far as scopes do', () => {
  const ties = { labels: ['Organization/h'], anchors: ['7'] };
  const clinical: Rule = { types: ['Observation', 'Condition'], acts: ['read', 'search', 'create'], ties };
  const definitions: Rule = { types: ['Questionnaire', 'ValueSet'], acts: ['read', 'search'] };
  const wards: Rule = { types: ['Organization'], acts: ['create', 'update'], ties };
  const own: Rule = { types: ['Observation'], acts: ['read', 'search'], patient: '1' };
  const policy = [clinical, definitions, wards];
  const allowed = (scope: string, holder: 'person' | 'system' = 'person', patient?: string, rules = policy) =>
    granted(rules, { scope, holder, patient }, rowCondition);

  test.each<[string, readonly Rule[]]>([
    ['user/*.cruds', policy],
    ['user/Observation.rs', [{ ...clinical, types: ['Observation'], acts: ['read', 'search'] }]],
    ['user/Observation.u', []],
    ['user/Patient.rs', []],
    ['user/Organization.rs', []],
    [
      'user/Observation.r user/Condition.s',
      [
        { ...clinical, types: ['Observation'], acts: ['read'] },
        { ...clinical, types: ['Condition'], acts: ['search'] },
      ],
    ],
    ['', []],
    ['openid fhirUser offline_access launch/patient', []],
    ['system/*.cruds', []],
    ['patient/*.cruds', []],
    ['user/*.sr', []],
    ['user/Observation.rs?nonsense=1', []],
    [
      'user/Questionnaire.rs?category=x user/Observation.rs?nonsense=1',
      [expect.objectContaining({ types: ['Questionnaire'] })],
    ],
  ])('a person with "%s"', (scope, rules) => {
    expect(allowed(scope)).toEqual(rules);
  });

  test('a system has system/ scopes alone', () => {
    expect(allowed('system/Observation.r', 'system')).toEqual([
      { ...clinical, types: ['Observation'], acts: ['read'] },
    ]);
    expect(allowed('user/Observation.r', 'system')).toEqual([]);
  });

  test('a patient/ scope adds the patient; definitions stay readable, what else is about no patient does not', () => {
    expect(allowed('patient/*.rs', 'person', '1')).toEqual([
      { ...clinical, acts: ['read', 'search'], patient: '1' },
      definitions,
    ]);
    expect(allowed('patient/*.cruds', 'person', '1').flatMap(({ types }) => types)).not.toContain('Organization');
  });

  test('a patient/ scope narrows to the patient who may do everything, too', () => {
    const everything: Rule = { types: ['Patient', 'Task', 'Questionnaire'], acts: ['read'] };
    expect(allowed('patient/*.r', 'system', '1', [everything])).toEqual([
      { types: ['Patient', 'Task'], acts: ['read'], patient: '1' },
      { types: ['Questionnaire'], acts: ['read'] },
    ]);
    expect(allowed('patient/*.r', 'person', '1', [{ ...everything, types: ['Organization'], ties }])).toEqual([]);
    expect(allowed('patient/*.r', 'person', '1', [{ ...everything, types: ['Organization'], patient: '1' }])).toEqual(
      [],
    );
  });

  test("a patient/ scope about another patient than one's own grants nothing", () => {
    expect(allowed('patient/Observation.rs', 'person', '2', [own])).toEqual([]);
    expect(allowed('patient/Observation.rs', 'person', '1', [own])).toEqual([own]);
  });

  test('constraints come on top of those that the policy has', () => {
    const condition: RowCondition = { key: 'own', sql: () => 'true', holds: () => true };
    const [rule] = allowed('user/Observation.rs?category=survey', 'person', undefined, [
      { ...clinical, where: [condition] },
    ]);
    expect(rule?.where?.map(({ key }) => key)).toEqual(['own', 'Observation?category=survey']);
    const [fresh] = allowed('user/Observation.rs?category=survey');
    expect(fresh?.where?.map(({ key }) => key)).toEqual(['Observation?category=survey']);
  });

  test('what the policy says of changes still holds', () => {
    const when = (): boolean => false;
    expect(allowed('user/*.cruds', 'person', undefined, [{ ...clinical, when }])[0]?.when).toBe(when);
  });

  test('too many scopes grant nothing', () => {
    expect(
      allowed(
        Array(SCOPES_MAX + 1)
          .fill('user/*.rs')
          .join(' '),
      ),
    ).toEqual([]);
  });
});
