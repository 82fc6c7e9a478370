import { readFileSync } from 'node:fs';
import type { Observation, PlanDefinition, QuestionnaireResponse } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { readScoreRules } from '../../forms/score/read-score-rules.ts';
import { writing } from '../said.ts';
import { PROFILE_ENTRY, profileEntries } from './entries.ts';
import { HEADING, profilePage } from './page.ts';
import { profileOf } from './profile.ts';

const ROOT = new URL('../../../', import.meta.url);
const shipped = JSON.parse(
  readFileSync(new URL('fhir/registries/smertereg/plan-definition.json', ROOT), 'utf8'),
) as PlanDefinition;
const { rules } = readScoreRules(
  JSON.parse(readFileSync(new URL('questionnaires/instruments/hads.scores.rules.json', ROOT), 'utf8')),
);

function rated(form: string, authored: string, linkId: string, code: string): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `https://svar.example.org/fhir/Questionnaire/${form}|1.0.0`,
    authored,
    item: [{ linkId: 'group', item: [{ linkId, answer: [{ valueCoding: { code, display: `vist ${code}` } }] }] }],
  };
}

const anxiety: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code: 'hads-anxiety' }] },
  effectiveDateTime: '2026-03-04T10:00:00Z',
  valueQuantity: { value: 12 },
};
const data = {
  observations: [anxiety],
  responses: [
    rated('smertereg-b21', '2026-03-06', 'StSmRo21', '3'),
    rated('smertereg-b12', '2026-03-02', 'StSmRo12', '8'),
    rated('smertereg-b12', '2026-03-02', 'SvSmRo12', '99'),
    rated('body-map', '2026-03-05', 'BodyMapRegions', 'knee-left'),
  ],
  rules: [rules],
};

describe('the profile that SmerteReg asks for', () => {
  const profile = profileOf(profileEntries(shipped, 'nb'), data, 'nb');

  test('takes what was rated before and after together, from the first to the latest', () => {
    expect(profile.levels.map(({ title, points }) => [title, points.map(({ value }) => value)])).toEqual([
      ['Sterkeste smerte i ro', [8, 3]],
    ]);
  });

  test('has scores over time, and where it hurts', () => {
    expect(profile.lines.map(({ code }) => code)).toEqual(['hads-anxiety']);
    expect(profile.pain?.places).toEqual([{ code: 'knee-left', text: 'vist knee-left' }]);
  });

  test('names what is not answered, "don\'t know" included, and when the latest answer came', () => {
    expect(profile.unanswered).toEqual(
      expect.arrayContaining(['Svakeste smerte i ro', 'Sterkeste smerte i bevegelse', 'HADS depresjon']),
    );
    expect(profile.latest).toBe('2026-03-06');
  });

  test('has its labels in Swedish and English too, and Bokmål where there is no Nynorsk', () => {
    const labels = (['sv', 'en', 'nn'] as const).map((language) => profileEntries(shipped, language)[0]?.label);
    expect(labels).toEqual(['Starkaste smärta i vila', 'Strongest pain at rest', 'Sterkeste smerte i ro']);
  });
});

test('of a patient who has answered nothing all is named in words, no codes', () => {
  const nothing = { observations: [], responses: [], rules: [] };
  const { unanswered } = profileOf(profileEntries(shipped, 'nb'), nothing, 'nb');
  expect(unanswered).toEqual([
    ...['Sterkeste smerte i ro', 'Svakeste smerte i ro', 'Sterkeste smerte i bevegelse', 'Svakeste smerte i bevegelse'],
    ...['HADS angst', 'HADS depresjon', 'Orale morfinekvivalenter'],
  ]);
});

test('an answer that is only begun is not told', () => {
  const begun = data.responses.map((response) => ({ ...response, status: 'in-progress' as const }));
  expect(profileOf(profileEntries(shipped, 'nb'), { ...data, responses: begun }, 'nb').levels).toEqual([]);
});

test('an entry that cannot be understood is left out', () => {
  const plan: PlanDefinition = {
    resourceType: 'PlanDefinition',
    status: 'active',
    extension: [
      { url: PROFILE_ENTRY, extension: [{ url: 'figure', valueCode: 'pie' }] },
      {
        url: PROFILE_ENTRY,
        extension: [
          { url: 'figure', valueCode: 'line' },
          { url: 'question', valueUri: 'no-link-id' },
        ],
      },
    ],
  };
  expect(profileEntries(plan, 'nb')).toMatchObject([{ figure: 'line', questions: [], scores: [] }]);
});

test.each([
  [1, 1],
  [4, 1],
  [9, 1],
  [20, 1],
  [6, 20],
  [0, 30],
])('%i lines and %i bars have room on one page, none over another', (count, bars) => {
  const profile = profileOf(profileEntries(shipped, 'nb'), data, 'nb');
  const lines = Array.from({ length: count }, () => profile.lines[0]!);
  const levels = Array.from({ length: bars }, () => profile.levels[0]!);
  const room = { left: 40, top: 110, width: 515, height: 690 };
  const placed = profilePage({ ...profile, lines, levels }, room, 'Selvvurdering', writing('nb', 'Europe/Oslo'));
  const boxes = placed.map(({ x, y, width, drawing, scale }) => ({
    left: x,
    right: x + width,
    top: y,
    bottom: y + HEADING + drawing.height * scale,
  }));
  expect(placed).toHaveLength(count + 2);
  for (const { top, bottom } of boxes) expect(bottom - top).toBeGreaterThan(HEADING + 20);
  expect(Math.max(...boxes.map(({ bottom }) => bottom))).toBeLessThanOrEqual(room.top + room.height);
  for (const [index, a] of boxes.entries()) {
    for (const b of boxes.slice(index + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      expect(apart).toBe(true);
    }
  }
});
