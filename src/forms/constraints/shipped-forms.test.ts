import { readdirSync, readFileSync } from 'node:fs';
import type {
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
  Resource,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { openForm } from '../expressions/form-state.ts';
import { compileForm, type Form, type FormItem } from '../form.ts';
import type { ResponseRule } from '../messages/response-rules.ts';
import type { Place } from '../place.ts';
import { validateResponse } from '../validate-response.ts';

const data = { now: new Date('2026-03-02T08:00:00Z'), timeZone: 'Europe/Oslo' };
const FOLDER = new URL('../../../questionnaires/', import.meta.url);
const forms = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Resource)
  .filter((resource): resource is Questionnaire => resource.resourceType === 'Questionnaire')
  .map((form) => [form.id ?? '', compileForm(form)] as const);

/** A right answer: the first option, the least value, today. */
function answerTo({ type, options, constraints }: FormItem): QuestionnaireResponseItemAnswer | undefined {
  const coding = [...(options?.byKey.values() ?? [])][0]?.coding;
  const least = typeof constraints.hard.min === 'number' ? constraints.hard.min : 0;
  switch (type) {
    case 'choice':
    case 'open-choice':
      return coding === undefined ? undefined : { valueCoding: { system: coding.system, code: coding.code } };
    case 'integer':
      return { valueInteger: least };
    case 'decimal':
      return { valueDecimal: least };
    case 'boolean':
      return { valueBoolean: true };
    case 'date':
      return { valueDate: '2026-03-02' };
    case 'dateTime':
      return { valueDateTime: '2026-03-02T08:00:00Z' };
    case 'string':
    case 'text':
      return { valueString: 'x' };
    case 'reference':
      return { valueReference: { reference: `${[...(constraints.referenceTargets ?? ['Basic'])][0]}/1` } };
    default:
      return undefined;
  }
}

/** A whole response in which every question that is enabled, and is not calculated, has an answer. */
function filledIn(form: Form): QuestionnaireResponse {
  const head = {
    ...{ resourceType: 'QuestionnaireResponse' as const, status: 'completed' as const },
    ...{ questionnaire: `${form.url}|${form.version}`, authored: '2026-03-02T08:00:00+01:00' },
    ...{ subject: { reference: 'Patient/1' } },
  };
  let response: QuestionnaireResponse = head;
  for (let round = 0; round < 10; round += 1) {
    const state = openForm(form, response, data);
    const itemsAt = (level: ReadonlyMap<string, FormItem>, place: Place): QuestionnaireResponseItem[] =>
      [...level.values()].flatMap((item): QuestionnaireResponseItem[] => {
        const before = place.items.find(({ linkId }) => linkId === item.linkId);
        const isCalculated = item.expressions.calculated !== undefined && !item.required;
        const isAsked = item.type !== 'display' && !item.retired && !isCalculated;
        if (!isAsked || !state.isEnabled(item, place)) {
          return [];
        }
        const { linkId } = item;
        if (item.type === 'group') {
          const inside = itemsAt(item.children, place.inside(item, before));
          return inside.length > 0 ? [{ linkId, item: inside }] : [];
        }
        const answer = before?.answer?.[0] ?? answerTo(item);
        if (answer === undefined) return [];
        const { item: _, ...value } = answer;
        const inside = before?.answer?.[0] ? itemsAt(item.children, place.inside(item, before, before.answer[0])) : [];
        return [{ linkId, answer: [{ ...value, ...(inside.length > 0 ? { item: inside } : {}) }] }];
      });
    const items = itemsAt(form.roots, state.root);
    const next = { ...head, ...(items.length > 0 ? { item: items } : {}) };
    if (JSON.stringify(next) === JSON.stringify(response)) break;
    response = next;
  }
  return response;
}

interface Spot {
  readonly items: QuestionnaireResponseItem[];
  readonly index: number;
  readonly item: FormItem;
}

/** Every answered question of a response, with the list in which it stands. */
function spots(form: Form, items: QuestionnaireResponseItem[]): Spot[] {
  return items.flatMap((entry, index) => {
    const item = form.items.get(entry.linkId);
    const inner = [...(entry.item ?? []), ...(entry.answer ?? []).flatMap((answer) => answer.item ?? [])];
    const inside = inner.length > 0 ? spots(form, entry.item ?? entry.answer?.[0]?.item ?? []) : [];
    return item === undefined ? inside : [...(entry.answer ? [{ items, index, item }] : []), ...inside];
  });
}

/** What can be done wrong with an answered question, and the rules one of which must notice; undefined where it is not wrong. */
const mistakes: Readonly<Record<string, (spot: Spot) => ResponseRule | undefined>> = {
  'a linkId that the form does not have': ({ items, index }) => {
    items[index] = { ...items[index], linkId: 'nope' };
    return 'invalidLinkId';
  },
  'another text': ({ items, index }) => {
    items[index] = { ...items[index]!, text: 'Something that was not asked' };
    return 'itemText';
  },
  'no answer': ({ items, index, item }) => {
    items.splice(index, 1);
    return item.required ? 'required' : undefined;
  },
  'an empty answer': ({ items, index }) => {
    items[index] = { linkId: items[index]!.linkId, answer: [{}] };
    return 'emptyAnswer';
  },
  'an answer of another type': ({ items, index, item }) => {
    const wrong =
      item.type === 'attachment' ? { valueBoolean: true } : { valueAttachment: { url: 'http://a.example' } };
    items[index] = { linkId: items[index]!.linkId, answer: [wrong] };
    return 'invalidAnswerType';
  },
  'a code that is not offered': ({ items, index, item }) => {
    if (item.type !== 'choice' && item.type !== 'open-choice') return undefined;
    items[index] = { linkId: item.linkId, answer: [{ valueCoding: { system: 'http://a.example', code: '77' } }] };
    return item.source.answerOption === undefined ? 'invalidCoding' : 'invalidAnswerOption';
  },
  'too many answers': ({ items, index, item }) => {
    const [answer] = items[index]?.answer ?? [];
    items[index] = { linkId: item.linkId, answer: [answer!, answer!] };
    return item.repeats ? undefined : 'repeats';
  },
  'a question twice': ({ items, index }) => {
    items.splice(index, 0, items[index]!);
    return 'duplicateItem';
  },
  'a question before the one before it': ({ items, index }) => {
    const [one, two] = [items[index - 1], items[index]];
    if (one === undefined || two === undefined) return undefined;
    items.splice(index - 1, 2, two, one);
    return 'itemOrder';
  },
  'more than the greatest value': ({ items, index, item }) => {
    const { max } = item.constraints.hard;
    if (typeof max !== 'number') return undefined;
    const answer = item.type === 'integer' ? { valueInteger: max + 1 } : { valueDecimal: max + 1 };
    items[index] = { linkId: item.linkId, answer: [answer] };
    return 'maxValue';
  },
};

it('there are forms to look at', () => {
  expect(forms.length).toBeGreaterThanOrEqual(25);
});

describe.each(forms)('%s', (_, form) => {
  const right = filledIn(form);
  const places = spots(form, structuredClone(right.item ?? [])).length;
  const rulesOf = (response: QuestionnaireResponse) =>
    validateResponse(form, response, data)
      .filter(({ severity }) => severity === 'error')
      .map(({ details }) => details?.code);

  it('takes what is filled in as it asks', () => {
    expect(rulesOf(right)).toEqual([]);
    expect(places).toBeGreaterThan(0);
  });

  it.each(Object.entries(mistakes))('refuses %s, wherever it is', (_name, mistake) => {
    const unseen: string[] = [];
    for (let n = 0; n < places; n += 1) {
      const wrong = structuredClone(right);
      const spot = spots(form, wrong.item ?? [])[n]!;
      const rule = mistake(spot);
      if (rule !== undefined && !rulesOf(wrong).includes(rule)) unseen.push(spot.item.linkId);
    }
    expect(unseen).toEqual([]);
  });
});
