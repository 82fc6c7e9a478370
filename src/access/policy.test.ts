import { describe, expect, test } from 'vitest';
import { policyExtension, readPolicy } from './policy.ts';
import { rulesFor, type Situation } from './situation.ts';

const reach = (valueCode: string) => ({ url: policyExtension.reach, valueCode });
const when = (expression: string) => ({
  url: policyExtension.when,
  valueExpression: { language: 'text/fhirpath', expression },
});
const statement = (resource: unknown[], more: object = {}) => ({
  resourceType: 'CapabilityStatement',
  id: 'p',
  title: 'P',
  status: 'active',
  kind: 'requirements',
  extension: [{ url: policyExtension.holder, valueCode: 'practitioner' }],
  rest: [{ mode: 'server', resource }],
  ...more,
});
const patients = { type: 'Patient', extension: [reach('hospital')], interaction: [{ code: 'read' }] };

describe('a policy', () => {
  test('is read to rules', () => {
    const policy = readPolicy(
      statement([
        patients,
        {
          type: 'Task',
          interaction: [
            { code: 'read', extension: [reach('national')] },
            { code: 'update', extension: [reach('national'), when("%before.status = 'requested'")] },
          ],
        },
      ]),
    );
    expect(policy).toMatchObject({
      id: 'p',
      holder: 'practitioner',
      everything: false,
      rules: [
        { type: 'Patient', act: 'read', reach: 'hospital' },
        { type: 'Task', act: 'read', reach: 'national' },
        { type: 'Task', act: 'update', reach: 'national', when: expect.any(Function) },
      ],
    });
  });

  const interaction = (more: object) => [{ ...patients, interaction: [{ code: 'read', ...more }] }];
  test.each<[string, unknown]>([
    ['is nothing at all', undefined],
    ['is another kind', statement([patients], { kind: 'instance' })],
    ['is a draft', statement([patients], { status: 'draft' })],
    ['does not say who may hold it', statement([patients], { extension: [] })],
    [
      'is for nobody that is known',
      statement([patients], { extension: [{ url: policyExtension.holder, valueCode: 'x' }] }),
    ],
    [
      'says twice who may hold it',
      statement([patients], { extension: Array(2).fill({ url: policyExtension.holder, valueCode: 'practitioner' }) }),
    ],
    [
      'has an extension that is not known',
      statement([patients], { extension: [...statement([]).extension, { url: 'urn:x' }] }),
    ],
    [
      'has a modifier that is not known',
      statement([patients], { modifierExtension: [{ url: 'urn:x', valueCode: 'x' }] }),
    ],
    ['has no rest', statement([], { rest: [] })],
    ['has two', statement([], { rest: [{ resource: [] }, { resource: [] }] })],
    [
      'reaches everything and names types too',
      statement([], { rest: [{ extension: [reach('everything')], resource: [patients] }] }),
    ],
    ['reaches a whole that is not everything', statement([], { rest: [{ extension: [reach('shared')] }] })],
    ['names a type that R4 does not have', statement([{ ...patients, type: 'Animal' }])],
    ['names an interaction that is not known', statement([{ ...patients, interaction: [{ code: 'vread' }] }])],
    [
      'names an interaction by a name of every object',
      statement([{ ...patients, interaction: [{ code: 'constructor' }] }]),
    ],
    ['has no reach', statement([{ ...patients, extension: [] }])],
    ['has a reach that is not known', statement([{ ...patients, extension: [reach('ward')] }])],
    ['reaches everything of a type', statement([{ ...patients, extension: [reach('everything')] }])],
    ['shares patients', statement([{ ...patients, extension: [reach('shared')] }])],
    ['shares orders', statement([{ ...patients, type: 'Task', extension: [reach('shared')] }])],
    [
      'has an extension of a type that is not known',
      statement([{ ...patients, extension: [reach('hospital'), { url: 'urn:x', valueCode: 'x' }] }]),
    ],
    [
      'has an extension of an interaction that is not known',
      statement(interaction({ extension: [{ url: 'urn:x', valueCode: 'x' }] })),
    ],
    [
      'has a modifier of an interaction',
      statement(interaction({ modifierExtension: [reach('hospital')], extension: [reach('hospital')] })),
    ],
    ['has a condition of reading', statement(interaction({ extension: [when('true')] }))],
    ['has a condition of searching', statement(interaction({ code: 'search-type', extension: [when('true')] }))],
    [
      'has a condition that is no FHIRPath',
      statement([{ ...patients, interaction: [{ code: 'update', extension: [when('%before.')] }] }]),
    ],
    [
      'has a condition without words',
      statement([{ ...patients, interaction: [{ code: 'update', extension: [{ url: policyExtension.when }] }] }]),
    ],
  ])('that %s is refused as a whole', (_, source) => {
    expect(readPolicy(source)).toHaveProperty('faults', expect.arrayContaining([expect.any(String)]));
  });
});

describe('rules for somebody', () => {
  const rules = (reachCode: string, situation: Situation, type = 'Observation') => {
    const policy = readPolicy(statement([{ type, extension: [reach(reachCode)], interaction: [{ code: 'read' }] }]));
    if ('faults' in policy) throw new Error(policy.faults.join());
    return rulesFor(policy, situation, (_, criteria) => ({ key: criteria, sql: () => 'true', holds: () => true }));
  };
  const hospital = {
    reference: 'Organization/h',
    organizations: ['Organization/h', 'Organization/w'],
    rids: ['7', '8'],
  };
  const registry = 'PlanDefinition/r';

  test.each<[string, Situation, object]>([
    ['hospital', { hospital }, { ties: { labels: ['Organization/h'], anchors: ['7', '8'] } }],
    [
      'registry-at-hospital',
      { hospital, registry },
      { ties: { labels: ['Organization/h PlanDefinition/r', 'Organization/h *'], anchors: ['7', '8'] } },
    ],
    ['national', { national: ['ResearchStudy/n'] }, { ties: { labels: ['ResearchStudy/n'], anchors: [] } }],
    ['own-patient', { patient: '3' }, { patient: '3' }],
  ])('reach %s', (code, situation, expected) => {
    expect(rules(code, situation)).toEqual([{ types: ['Observation'], acts: ['read'], ...expected }]);
  });

  test.each<[string, Situation]>([
    ['hospital', { registry }],
    ['registry-at-hospital', { hospital }],
    ['registry-at-hospital', { registry }],
    ['national', { registry, hospital }],
    ['national', { national: [] }],
    ['own-patient', { hospital, user: 'Patient/x', self: '3' }],
    ['self', { user: 'Practitioner/x', self: '3' }],
  ])('reach %s of nothing is nothing', (code, situation) => {
    expect(rules(code, situation)).toEqual([]);
  });

  test('reach self is the person and their roles', () => {
    const situation = { user: 'Practitioner/x', self: '3' };
    const keys = (type: string) => rules('self', situation, type).flatMap(({ where }) => where?.map(({ key }) => key));
    expect(keys('Practitioner')).toEqual(['rid=3']);
    expect(keys('PractitionerRole')).toEqual(['practitioner=Practitioner/x']);
    expect(rules('self', { user: 'Practitioner/x' }, 'Practitioner')).toEqual([]);
  });

  test('what reaches the same is one rule', () => {
    const interaction = [{ code: 'read' }, { code: 'search-type' }];
    const policy = readPolicy(
      statement(['Observation', 'Condition'].map((type) => ({ type, extension: [reach('hospital')], interaction }))),
    );
    expect('rules' in policy && rulesFor(policy, { hospital }, () => undefined)).toEqual([
      expect.objectContaining({ types: ['Observation', 'Condition'], acts: ['read', 'search'] }),
    ]);
  });

  test('what reaches something else, or lets one do something else, stays apart', () => {
    const policy = readPolicy(
      statement([
        { type: 'Observation', extension: [reach('hospital')], interaction: [{ code: 'read' }, { code: 'create' }] },
        { type: 'Condition', extension: [reach('hospital')], interaction: [{ code: 'read' }] },
        { type: 'Patient', extension: [reach('national')], interaction: [{ code: 'read' }] },
        { type: 'Questionnaire', extension: [reach('shared')], interaction: [{ code: 'read' }] },
      ]),
    );
    const ties = { labels: ['Organization/h'], anchors: ['7', '8'] };
    expect('rules' in policy && rulesFor(policy, { hospital, national: ['n'] }, () => undefined)).toEqual([
      { types: ['Observation'], acts: ['create', 'read'], ties },
      { types: ['Condition'], acts: ['read'], ties },
      { types: ['Patient'], acts: ['read'], ties: { labels: ['n'], anchors: [] } },
      { types: ['Questionnaire'], acts: ['read'] },
    ]);
  });

  test('a condition belongs to its interaction alone, and knows who holds the policy', () => {
    const condition = '%after.subject.reference = %user and %hospital in %organizations and %registry.exists()';
    const policy = readPolicy(
      statement([
        {
          type: 'Observation',
          extension: [reach('hospital')],
          interaction: [{ code: 'create' }, { code: 'update', extension: [when(condition)] }],
        },
      ]),
    );
    const situation = { user: 'Patient/x', hospital, registry };
    const found = 'rules' in policy ? rulesFor(policy, situation, () => undefined) : [];
    expect(found.map(({ acts, when: judged }) => [acts, judged === undefined])).toEqual([
      [['create'], true],
      [['update'], false],
    ]);
    const may = (reference: string) =>
      found[1]?.when?.({
        act: 'update',
        before: undefined,
        after: { resourceType: 'Observation', subject: { reference } },
      });
    expect([may('Patient/x'), may('Patient/y')]).toEqual([true, false]);
  });

  test("a patient's reach self is the patient, and no role", () => {
    const situation = { user: 'Patient/x', self: '3' };
    expect(rules('self', situation, 'Patient')).toMatchObject([{ types: ['Patient'], where: [{ key: 'rid=3' }] }]);
    expect(rules('self', situation, 'PractitionerRole')).toEqual([]);
    expect(rules('self', { self: '3' }, 'Practitioner')).toEqual([]);
  });
});
