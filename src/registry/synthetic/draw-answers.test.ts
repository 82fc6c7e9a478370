import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { drawAnswers } from './draw-answers.ts';
import { seededRandom } from './random.ts';

const yes = { system: 'urn:x', code: '1' };
const no = { system: 'urn:x', code: '0' };

function choice(linkId: string, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem {
  return { linkId, type: 'choice', answerOption: [{ valueCoding: yes }, { valueCoding: no }], ...more };
}

function form(item: QuestionnaireItem[]): Questionnaire {
  return { resourceType: 'Questionnaire', status: 'active', item };
}

const gated = form([
  choice('gate'),
  choice('after', { enableWhen: [{ question: 'gate', operator: '=', answerCoding: yes }] }),
  choice('last', { enableWhen: [{ question: 'after', operator: '!=', answerCoding: no }] }),
]);

it('a question that depends on another is drawn only where the answer asks for it', () => {
  const drawn = Array.from({ length: 60 }, (_, seed) => drawAnswers(gated, seededRandom(seed), {}, 0));
  const told = drawn.map((items) => items.map(({ linkId, answer }) => `${linkId}${answer?.[0]?.valueCoding?.code}`));
  const courses = new Set(
    told.map((items) =>
      items
        .slice(0, 2)
        .join(' ')
        .replace(/last\d/, 'last'),
    ),
  );
  expect(courses).toEqual(new Set(['gate0 last', 'gate1 after0', 'gate1 after1']));
  expect(told.filter((items) => items.includes('after0') && items.length > 2)).toEqual([]);
});

it('what is given is answered so, whether asked for or not, and what is given as undefined is left out', () => {
  const items = drawAnswers(gated, seededRandom(1), { gate: '0', after: '1', last: undefined }, 0);
  expect(items.map(({ linkId, answer }) => [linkId, answer?.[0]?.valueCoding?.code])).toEqual([
    ['gate', '0'],
    ['after', '1'],
  ]);
});
