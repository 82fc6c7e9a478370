import type { PlanDefinition, PlanDefinitionAction } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FhirError } from '../model/issue.ts';
import { extensionUrl } from './names.ts';
import { readProtocol } from './protocol.ts';
import { dispatchTime } from './schedule.ts';

const code = (kind: string) => [
  { coding: [{ system: 'https://svar.example.org/fhir/CodeSystem/protocol-action', code: kind }] },
];
const duration = (value: number, unit: string) => ({ value, system: 'http://unitsofmeasure.org', code: unit });

function plan(forms: PlanDefinitionAction[], more: Partial<PlanDefinition> = {}): PlanDefinition {
  return {
    resourceType: 'PlanDefinition',
    status: 'active',
    url: 'https://svar.example.org/fhir/PlanDefinition/test',
    extension: [{ url: extensionUrl.timeZone, valueCode: 'Europe/Oslo' }],
    action: [
      {
        id: 'anchor',
        code: code('anchor'),
        dynamicValue: [{ path: 'time', expression: { language: 'text/fhirpath', expression: '%time' } }],
      },
      ...forms,
    ],
    ...more,
  };
}

function form(id: string, offset: [number, string], daily = true, after = 'anchor', relationship = 'after-end') {
  return {
    id,
    code: code('form'),
    definitionCanonical: `https://svar.example.org/fhir/Questionnaire/${id}|1.0.0`,
    relatedAction: [
      {
        actionId: after,
        relationship: relationship as 'after-end',
        offsetDuration: duration(...offset),
      },
    ],
    ...(daily ? { timingTiming: { repeat: { timeOfDay: ['16:30:00'] } } } : {}),
  };
}

/** Planned instants by form, with `%time` standing for the anchor. */
function planned(forms: PlanDefinitionAction[], anchor: string | undefined, now: string): Record<string, string> {
  const evaluate = (expression: string) =>
    expression === '%time' && anchor !== undefined ? [anchor] : expression === 'false' ? [false] : [];
  const protocol = readProtocol(plan(forms));
  const starts = new Map<string, Date>();
  for (const one of protocol.schedule) {
    const time = dispatchTime(one, { protocol, facts: {}, starts, now: new Date(now), evaluate });
    if (time !== undefined) starts.set(one.id, time.at);
  }
  return Object.fromEntries([...starts].map(([id, at]) => [id, at.toISOString()]));
}

describe('when a form is due', () => {
  it.each([
    ['an instant', '2026-03-02T10:00:00+01:00', [0, 'd'], '2026-03-02T15:30:00.000Z'],
    ['an instant after 16:30', '2026-03-02T17:00:00+01:00', [0, 'd'], '2026-03-03T15:30:00.000Z'],
    ['four weeks after a date', '2026-03-09', [4, 'wk'], '2026-04-06T14:30:00.000Z'],
    ['a month after the 31st', '2026-01-31', [3, 'mo'], '2026-04-30T14:30:00.000Z'],
    ['some days after an instant', '2026-03-27T10:00:00+01:00', [3, 'd'], '2026-03-30T14:30:00.000Z'],
    ['a month after an instant', '2026-03-15T10:00:00+01:00', [1, 'mo'], '2026-04-15T14:30:00.000Z'],
    ['hours after an instant', '2026-03-02T10:00:00+01:00', [8, 'h'], '2026-03-03T15:30:00.000Z'],
    ['minutes after an instant', '2026-03-02T10:00:00+01:00', [5, 'min'], '2026-03-02T15:30:00.000Z'],
    ['weeks after an instant', '2026-03-02T10:00:00+01:00', [1, 'wk'], '2026-03-09T15:30:00.000Z'],
  ] as const)('%s', (_, anchor, offset, expected) => {
    expect(planned([form('f', [...offset])], anchor, '2026-01-01T00:00:00Z')).toEqual({ f: expected });
  });

  it('before an appointment', () => {
    const before = form('f', [7, 'd'], true, 'anchor', 'before-start');
    expect(planned([before], '2026-03-20', '2026-03-01T00:00:00Z')).toEqual({ f: '2026-03-13T15:30:00.000Z' });
  });

  it('never in the past: the next time of day', () => {
    const now = '2026-05-01T12:00:00Z';
    for (const anchor of ['2026-01-01', '2026-01-01T10:00:00Z']) {
      expect(planned([form('f', [1, 'd'])], anchor, now)).toEqual({ f: '2026-05-01T14:30:00.000Z' });
      expect(planned([form('f', [1, 'd'], false)], anchor, now)).toEqual({ f: '2026-05-01T12:00:00.000Z' });
    }
  });

  it('two minutes after another form, and not without it', () => {
    const both = [form('a', [0, 'd']), form('b', [2, 'min'], false, 'a')];
    const now = '2026-03-02T15:31:00Z';
    expect(planned(both, '2026-03-02T15:31:00Z', now)).toEqual({
      a: '2026-03-03T15:30:00.000Z',
      b: '2026-03-03T15:32:00.000Z',
    });
    expect(planned(both, undefined, now)).toEqual({});
  });

  it('not while a condition is false, nor for an anchor that is no time', () => {
    const conditional: PlanDefinitionAction = {
      ...form('f', [0, 'd']),
      condition: [{ kind: 'applicability' as const, expression: { language: 'text/fhirpath', expression: 'false' } }],
    };
    expect(planned([conditional], '2026-03-02', '2026-03-01T00:00:00Z')).toEqual({});
    expect(planned([form('f', [0, 'd'])], 'soon', '2026-03-01T00:00:00Z')).toEqual({});
  });
});

describe('a protocol that could not be followed is refused', () => {
  it.each([
    ['no time zone', plan([], { extension: [] })],
    ['no url', plan([], { url: undefined })],
    ['a form that follows nothing', plan([form('f', [0, 'd'], true, 'nowhere')])],
    ['a unit that is not known', plan([form('f', [1, 'fortnight'])])],
    ['a criterion without reason', plan([{ code: code('inclusion'), action: [{ id: 'c', code: code('criterion') }] }])],
    ['consent without policy', plan([{ id: 'consent', code: code('consent') }])],
  ])('%s', (_, faulty) => {
    expect(() => readProtocol(faulty)).toThrow(FhirError);
  });
});
