import type { PlanDefinition, Questionnaire, QuestionnaireResponse, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import smertereg from '../../../../fhir/registries/smertereg/plan-definition.json' with { type: 'json' };
import { codeSystem, identifierSystem } from '../../../registry/names.ts';
import type { OrderStatus } from '../../../registry/order.ts';
import { readProtocol } from '../../../registry/protocol.ts';
import { type CourseData, readCourse } from './course.ts';

const plan = smertereg as unknown as PlanDefinition;
const protocol = readProtocol(plan);
const HADS = protocol.schedule.find(({ id }) => id.includes('hads')) ?? protocol.schedule[1];

const translated = (content: string) => ({
  extension: [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/translation',
      extension: [
        { url: 'lang', valueCode: 'en' },
        { url: 'content', valueString: content },
      ],
    },
  ],
});

function data(state: OrderStatus, response?: Partial<QuestionnaireResponse>): CourseData {
  const canonical = HADS?.questionnaire ?? '';
  const order: Task = {
    ...{ resourceType: 'Task', id: 'order', intent: 'order', status: 'ready', description: 'HADS' },
    identifier: [{ system: identifierSystem.order, value: `e/${HADS?.id}/1` }],
    instantiatesUri: `${protocol.url}#${HADS?.id}`,
    businessStatus: { coding: [{ system: codeSystem.orderStatus, code: state }] },
  };
  const form = { _title: translated('Anxiety and depression'), title: 'HADS [plassholdertekst]', language: 'nb' };
  const registration: Task = {
    ...{ resourceType: 'Task', id: 'registration', intent: 'order', status: 'in-progress' },
    businessStatus: { coding: protocol.courseTypes.slice(0, 1).flatMap(({ type }) => type ?? []) },
  };
  const english: PlanDefinition = {
    ...plan,
    language: 'nb',
    action: (plan.action ?? []).map((action) => ({ ...action, _title: translated(`EN ${action.title}`) })),
  };
  return {
    episode: { resourceType: 'EpisodeOfCare', id: 'e', status: 'active', patient: {} },
    patient: { resourceType: 'Patient', id: 'p' },
    referral: 'ServiceRequest/r',
    registries: [{ plan: english, protocol, registration }],
    tasks: [order],
    responses:
      response === undefined
        ? []
        : [
            {
              resourceType: 'QuestionnaireResponse',
              id: 'a',
              status: 'in-progress',
              questionnaire: canonical,
              ...response,
            },
          ],
    scores: [],
    questionnaires: [
      { resourceType: 'Questionnaire', status: 'active', url: canonical.split('|')[0], ...form } as Questionnaire,
    ],
    names: new Map(),
    closed: new Set(),
  };
}

const hadsOf = (...given: Parameters<typeof data>) => readCourse(data(...given), 'nb').patientForms[0];

test('what a patient has begun and not sent is told of, and is no answer to be shown', () => {
  for (const state of ['sent', 'reminded', 'unreachable', 'ordered'] as const) {
    const form = hadsOf(state, {});
    expect(form?.response, state).toBeUndefined();
    expect(form?.begun?.id, state).toBe('a');
  }
});

test('what staff enter from paper is theirs to go on with, and what was sent is shown', () => {
  expect(hadsOf('paper', {})).toMatchObject({ response: { id: 'a' }, begun: undefined });
  expect(hadsOf('answered', { status: 'completed' })).toMatchObject({ response: { id: 'a' }, begun: undefined });
});

test('how a form of staff stands is what its answers say, unless the registration tells that it is not open', () => {
  const [form] = protocol.forms;
  const stateWhere = (told: string | undefined, status?: QuestionnaireResponse['status']) => {
    const course = data('planned', status && { status, questionnaire: `${form?.questionnaire}|1.0.0` });
    const output = [
      {
        type: { coding: [{ system: codeSystem.registrationOutput, code: 'form' }], text: form?.label ?? '' },
        valueCodeableConcept: { coding: [{ code: told ?? '' }] },
      },
    ];
    const registries = course.registries.map((one) => ({
      ...one,
      ...(told !== undefined && one.registration && { registration: { ...one.registration, output } }),
    }));
    return readCourse({ ...course, registries }, 'nb').staffForms.find(({ label }) => label === form?.label)?.state;
  };
  expect([stateWhere('empty'), stateWhere('in-progress', 'in-progress')]).toEqual(['empty', 'in-progress']);
  expect([stateWhere('closed', 'in-progress'), stateWhere('not-open')]).toEqual(['closed', 'not-open']);
  // where nobody writes the registration on
  expect([stateWhere('empty', 'in-progress'), stateWhere('empty', 'completed')]).toEqual(['in-progress', 'completed']);
  // what the person may not read
  expect(stateWhere('completed')).toBe('completed');
});

test('forms and course types are called what they are called in the language of the page, else as the registry calls them', () => {
  const read = (language: 'nb' | 'en' | 'sv') => readCourse(data('sent'), language);
  expect(read('nb').patientForms[0]?.title).toBe('HADS');
  expect(read('en').patientForms[0]?.title).toBe('Anxiety and depression');
  expect(read('sv').patientForms[0]?.title).toBe('HADS');
  expect(read('nb').facts[0]?.typeTitle).toMatch(/^Forløp 1/);
  expect(read('en').facts[0]?.typeTitle).toMatch(/^EN Forløp 1/);
});
