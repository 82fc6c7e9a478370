import type { Extension, Questionnaire, QuestionnaireItem, QuestionnaireResponse } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { shippedForm } from '../../../../tests/kit/shipped-forms.ts';
import { compileForm } from '../../../forms/form.ts';
import { validateResponse } from '../../../forms/validate-response.ts';
import type { FormSession, FormSource, ItemView } from '../contract.ts';
import { openFormSession } from './form-session.ts';

const now = new Date('2026-03-02T08:00:00Z');
const blank: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  id: 'r1',
  status: 'in-progress',
  subject: { reference: 'Patient/1' },
};

function openForm(questionnaire: Questionnaire, more: Partial<FormSource> = {}): FormSession {
  return openFormSession({
    ...{ questionnaire, response: blank, language: 'nb', now: () => now, timeZone: 'Europe/Oslo', audience: 'patient' },
    ...more,
  });
}
const open = (name: string, more: Partial<FormSource> = {}): FormSession => openForm(shippedForm(name), more);
const form = (...item: QuestionnaireItem[]): Questionnaire => ({
  resourceType: 'Questionnaire',
  ...{ status: 'active', language: 'nb', title: 'Skjema', url: 'http://example.org/q', item },
});
const option = (code: string) => ({ valueCoding: { system: 'http://example.org/s', code, display: `Ord ${code}` } });
const exclusive = (code: string) => ({
  ...option(code),
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive', valueBoolean: true }],
});

function views(session: FormSession): ItemView[] {
  const inside = (level: readonly ItemView[]): ItemView[] => level.flatMap((view) => [view, ...inside(view.children)]);
  return session.current().pages.flatMap(({ items }) => inside(items));
}
const linkIds = (session: FormSession): string[] => views(session).map(({ item }) => item.linkId);
function find(session: FormSession, linkId: string): ItemView {
  const view = views(session).find(({ item }) => item.linkId === linkId);
  if (view === undefined) throw new Error(`${linkId} is not shown`);
  return view;
}
function choose(session: FormSession, linkId: string, ...codes: string[]): void {
  const { key, options } = find(session, linkId);
  session.answer(
    key,
    codes.flatMap((code) => options.find(({ answer }) => answer.valueCoding?.code === code)?.answer ?? []),
  );
}
const chosen = (session: FormSession, linkId: string) =>
  find(session, linkId).options.flatMap(({ selected, answer }) => (selected ? (answer.valueCoding?.code ?? []) : []));

describe('a shipped form', () => {
  it('is filled in page by page', () => {
    const session = open('Hads');
    expect(session.current().pages.map(({ items }) => items.map(({ item }) => item.linkId))).toMatchInlineSnapshot(`
      [
        [
          "HADSIntro",
          "HADSSpm1",
          "HADSSpm2",
          "HADSSpm3",
          "HADSSpm4",
        ],
        [
          "HADSSpm5",
          "HADSSpm6",
          "HADSSpm7",
        ],
        [
          "HADSSpm8",
          "HADSSpm9",
          "HADSSpm10",
          "HADSSpm11",
        ],
        [
          "HADSSpm12",
          "HADSSpm13",
          "HADSSpm14",
        ],
      ]
    `);
    for (const page of session.current().pages) {
      for (const view of page.items) {
        const [option] = view.options;
        if (option !== undefined) session.answer(view.key, [option.answer]);
      }
    }
    expect(session.current().progress).toEqual({ answered: 14, asked: 14 });
    expect(session.check()).toEqual([]);
    const response = session.response('completed');
    expect(response.item).toHaveLength(14);
    expect(validateResponse(compileForm(shippedForm('Hads')), response, { now })).toEqual([]);
  });

  it('shows what an answer asks for', () => {
    const session = open('SmerteregPasreg');
    expect(
      session.current().pages.map(({ items }) => items.map(({ item, control }) => `${item.linkId} ${control}`)),
    ).toMatchInlineSnapshot(`
      [
        [
          "DatoUfylPR date",
          "PRSpm1 radio",
          "PRSpm2 radio",
          "PRSpm3 number",
          "PRSpm3Mangler tick",
        ],
        [
          "PRSpm4 radio",
          "PRSpm5 radio",
          "PRSpm6 radio",
        ],
      ]
    `);
    session.answer('PRSpm3', [{ valueInteger: 3 }]);
    const before = session.current();
    session.answer('PRSpm3Mangler', [{ valueBoolean: true }]);
    const after = session.current();
    const all = (view: typeof after): string[] =>
      view.pages.flatMap(({ items }) => items.map(({ item }) => item.linkId));
    expect(all(before).filter((each) => !all(after).includes(each))).toEqual(['PRSpm3']);
    expect(JSON.stringify(session.response('in-progress'))).not.toContain('"PRSpm3"');
    session.answer('PRSpm3Mangler', []);
    expect(JSON.stringify(session.response('in-progress'))).toContain('"valueInteger":3');
  });
});

describe('what is answered', () => {
  const several = form({
    linkId: 'a',
    type: 'choice',
    repeats: true,
    answerOption: [option('1'), option('2'), exclusive('0')],
  });

  it('is cleared by an option that excludes all others, and clears it', () => {
    const session = openForm(several);
    choose(session, 'a', '1', '2');
    expect(chosen(session, 'a')).toEqual(['1', '2']);
    choose(session, 'a', '1', '2', '0');
    expect(chosen(session, 'a')).toEqual(['0']);
    choose(session, 'a', '0', '2');
    expect(chosen(session, 'a')).toEqual(['2']);
  });

  it('is kept while it is not asked for, and is there again when it is', () => {
    const session = open('SmerteregOpioid');
    choose(session, 'Utskrevetsykehus', '1');
    choose(session, 'Smstilletterutskrivelse', '1');
    choose(session, 'Fortsattbruk', '1');
    const [yes] = chosen(session, 'Utskrevetsykehus');
    const [other] = find(session, 'Utskrevetsykehus').options.flatMap(({ answer: { valueCoding } }) =>
      valueCoding?.code === yes ? [] : (valueCoding?.code ?? []),
    );
    choose(session, 'Utskrevetsykehus', other ?? '');
    expect(linkIds(session)).not.toContain('Fortsattbruk');
    expect(session.response('in-progress').item?.map(({ linkId }) => linkId)).toEqual(['Utskrevetsykehus']);
    choose(session, 'Utskrevetsykehus', yes ?? '');
    expect(chosen(session, 'Fortsattbruk')).toEqual(['1']);
  });

  it('holds the questions inside an answer, which outlive its change', () => {
    const session = openForm(
      form({
        ...{ linkId: 'a', type: 'choice', answerOption: [option('1'), option('2')] },
        item: [
          {
            linkId: 'a.low',
            type: 'display',
            text: 'Least',
            extension: [
              {
                url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl',
                valueCodeableConcept: { coding: [{ code: 'lower' }] },
              },
            ],
          },
          { linkId: 'a.why', type: 'string', text: 'Why?' },
        ],
      }),
    );
    expect(linkIds(session)).toEqual(['a', 'a.low']);
    choose(session, 'a', '1');
    session.answer(find(session, 'a.why').key, [{ valueString: 'So' }]);
    choose(session, 'a', '2');
    expect(session.response('completed').item).toEqual([
      {
        linkId: 'a',
        answer: [{ ...option('2'), item: [{ linkId: 'a.why', answer: [{ valueString: 'So' }] }] }],
      },
    ]);
    expect(session.check()).toEqual([]);
    choose(session, 'a');
    expect(session.response('completed').item).toBeUndefined();
    choose(session, 'a', '1');
    expect(find(session, 'a.why').answers).toEqual([{ valueString: 'So' }]);
  });

  it('is not blank, not to what is read-only, and one where one is asked for', () => {
    const session = openForm(form({ linkId: 'a', type: 'string' }, { linkId: 'b', type: 'string', readOnly: true }));
    session.answer('a', [{ valueString: 'x' }, { valueString: 'y' }]);
    session.answer('b', [{ valueString: 'x' }]);
    expect(session.response('completed').item).toEqual([{ linkId: 'a', answer: [{ valueString: 'y' }] }]);
    session.answer('a', [{ valueString: '  ' }]);
    expect(session.response('completed').item).toBeUndefined();
  });

  it('begins with what the form begins with, on a blank response alone', () => {
    const questionnaire = form({ linkId: 'a', type: 'string', initial: [{ valueString: 'x' }] });
    expect(openForm(questionnaire).response('in-progress').item).toEqual([
      { linkId: 'a', answer: [{ valueString: 'x' }] },
    ]);
    expect(openForm(questionnaire, { response: { ...blank, item: [] } }).response('in-progress').item).toBeUndefined();
  });

  it('keeps what the response is about, and tells when and in which language it was answered', () => {
    const session = open('Hads', { response: { ...blank, basedOn: [{ reference: 'Task/1' }] }, language: 'en' });
    expect(session.response('completed')).toEqual({
      ...blank,
      questionnaire: 'https://svar.example.org/fhir/Questionnaire/hads|1.0.0',
      ...{ basedOn: [{ reference: 'Task/1' }], status: 'completed', authored: now.toISOString(), language: 'en' },
    });
    expect(session.response('in-progress').authored).toBeUndefined();
  });
});

describe('a group that repeats', () => {
  const questionnaire = form({
    ...{ linkId: 'g', type: 'group', repeats: true, text: 'Drug' },
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs', valueInteger: 2 }],
    item: [
      { linkId: 'name', type: 'string', required: true },
      { linkId: 'dose', type: 'integer', enableWhen: [{ question: 'name', operator: '=', answerString: 'x' }] },
    ],
  });
  const rows = (session: FormSession) => find(session, 'g').rows ?? [];

  it('has rows added, to the greatest number, and removed', () => {
    const session = openForm(questionnaire);
    expect(rows(session)).toEqual([]);
    for (const _ of [1, 2, 3]) session.addRow('g');
    expect(rows(session)).toHaveLength(2);
    const [first, second] = rows(session);
    session.answer(first?.children[0]?.key ?? '', [{ valueString: 'x' }]);
    session.answer(second?.children[0]?.key ?? '', [{ valueString: 'y' }]);
    expect(rows(session).map(({ children }) => children.length)).toEqual([2, 1]);
    const kept = rows(session)[1];
    session.removeRow(first?.key ?? '');
    expect(rows(session)[0]).toBe(kept);
    expect(session.response('completed').item).toEqual([
      { linkId: 'g', item: [{ linkId: 'name', answer: [{ valueString: 'y' }] }] },
    ]);
  });

  it('tells of each row what is missing in it', () => {
    const session = openForm(questionnaire);
    session.addRow('g');
    session.addRow('g');
    const [, second] = rows(session);
    const faults = session.check();
    expect(faults.map(({ key, rule }) => [key, rule])).toEqual(
      rows(session).map(({ children }) => [children[0]?.key, 'required']),
    );
    expect(rows(session)[1]?.children[0]?.faults).toEqual([faults[1]]);
    session.answer(second?.children[0]?.key ?? '', [{ valueString: 'y' }]);
    expect(session.check()).toHaveLength(1);
  });
});

describe('what is wrong', () => {
  it('is told in the language of the person, by the name of the question, after leaving it', () => {
    const session = open('SmerteregPasreg');
    session.answer('PRSpm3', [{ valueInteger: 1000 }]);
    expect(find(session, 'PRSpm3').faults).toEqual([]);
    session.leave('PRSpm3');
    expect(find(session, 'PRSpm3').faults.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "Hvor mange ganger har du vært i kontakt med helsetjenesten på grunn av smerter …: største verdi er 999.",
      ]
    `);
    session.setLanguage('sv');
    expect(find(session, 'PRSpm3').faults.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "Hur många gånger har du varit i kontakt med vården på grund av smärta det …: största värde är 999.",
      ]
    `);
    session.answer('PRSpm3', [{ valueInteger: 10 }]);
    expect(find(session, 'PRSpm3').faults).toEqual([]);
  });

  it('is confirmed of what the form calculates, too, and told again when it calculates something else', () => {
    const launchContext = { patient: { resourceType: 'Patient', birthDate: '1930-01-01' } } as const;
    const session = open('SmerteregTo', { audience: 'staff', launchContext });
    const unconfirmed = () => session.check().filter(({ linkId }) => linkId === 'alder');
    session.answer('StartdatoTO', [{ valueDate: '2026-03-02' }]);
    for (const fault of unconfirmed()) session.confirm(fault);
    expect(unconfirmed()).toEqual([]);
    const age = session.response('completed').item?.find(({ linkId }) => linkId === 'alder')?.answer;
    expect(age).toMatchObject([{ valueInteger: 96, extension: [{ extension: [{ valueCode: 'softMaxValue' }] }] }]);

    session.answer('StartdatoTO', [{ valueDate: '2025-03-02' }]);
    expect(unconfirmed()).toMatchObject([{ rule: 'softMaxValue' }]);
    for (const fault of unconfirmed()) session.confirm(fault);
    expect(unconfirmed()).toEqual([]);
    const data = { now, timeZone: 'Europe/Oslo', launch: launchContext };
    const issues = validateResponse(compileForm(shippedForm('SmerteregTo')), session.response('completed'), data);
    expect(issues.map(({ details }) => details?.code)).toEqual(['required', 'required']);
  });

  it('but only unusual is confirmed, and told again for another answer', () => {
    const session = open('SmerteregPasreg');
    session.answer('PRSpm3', [{ valueInteger: 200 }]);
    const [fault] = session.check();
    expect(fault).toMatchObject({ severity: 'warning', rule: 'softMaxValue', confirmed: false });
    if (fault !== undefined) session.confirm(fault);
    expect(session.check()).toEqual([]);
    expect(find(session, 'PRSpm3').faults).toMatchObject([{ rule: 'softMaxValue', confirmed: true }]);
    const response = session.response('completed');
    expect(validateResponse(compileForm(shippedForm('SmerteregPasreg')), response, { now })).toEqual([]);
    session.answer('PRSpm3', [{ valueInteger: 300 }]);
    expect(session.check()).toHaveLength(1);
  });

  it('is told of one page, and of no later one', () => {
    const session = open('SmerteregTo', { audience: 'staff' });
    const [page] = session.current().pages;
    expect(session.checkPage(page?.key ?? '').map(({ linkId }) => linkId)).toEqual([
      'HenvistDato',
      'StartdatoTO',
      'Tilsett',
    ]);
    const two = openForm(
      form(
        { linkId: 'one', type: 'group', item: [{ linkId: 'a', type: 'string', required: true }] },
        { linkId: 'two', type: 'group', item: [{ linkId: 'b', type: 'string', required: true }] },
      ),
    );
    expect(two.checkPage('one').map(({ linkId }) => linkId)).toEqual(['a']);
    expect(find(two, 'b').faults).toEqual([]);
    expect(two.check().map(({ linkId }) => linkId)).toEqual(['a', 'b']);
  });

  it('is found in groups that are left out, and inside answers', () => {
    const session = openForm(
      form({
        ...{ linkId: 'outer', type: 'group' },
        item: [
          { linkId: 'inner', type: 'group', item: [{ linkId: 'a', type: 'string', required: true, text: 'Navn' }] },
        ],
      }),
    );
    expect(session.check()).toMatchObject([{ key: find(session, 'a').key, text: 'Navn: må besvares.' }]);
  });
});

describe('the form is shown', () => {
  it('to patients without what is internal, and to staff with it', () => {
    expect(linkIds(open('SmerteregTo'))).not.toContain('IntKomTO');
    expect(linkIds(open('SmerteregTo', { audience: 'staff' }))).toContain('IntKomTO');
  });

  it('without what is hidden, and with help at its question', () => {
    const session = open('SmerteregPasreg');
    expect(find(session, 'PRSpm1').help).toMatch(/^Tenk på den siste tiden/);
    expect(linkIds(open('Hads'))).not.toContain('hads-anxiety');
  });

  it('in each language that it has, and in the nearest where it has not', () => {
    const session = open('Nrs', { language: 'nn' });
    expect(session.current().languages).toEqual(['nb', 'sv', 'en']);
    const nb = find(session, 'NrsNow').text;
    session.setLanguage('en');
    expect(find(session, 'NrsNow').text).not.toBe(nb);
    expect(session.current().language).toBe('en');
    session.setLanguage('nb');
    expect(find(session, 'NrsNow').text).toBe(nb);
  });

  it('with a retired question only where it was answered', () => {
    const retired = [
      { url: 'https://svar.example.org/fhir/StructureDefinition/questionnaire-retired', valueBoolean: true },
    ];
    const questionnaire = form({ linkId: 'a', type: 'string' }, { linkId: 'old', type: 'string', extension: retired });
    expect(linkIds(openForm(questionnaire))).toEqual(['a']);
    const item = [{ linkId: 'old', answer: [{ valueString: 'x' }] }];
    expect(linkIds(openForm(questionnaire, { response: { ...blank, item } }))).toEqual(['a', 'old']);
  });

  it('with what is calculated, as it grows', () => {
    const session = open('SmerteregB11', { audience: 'staff' });
    choose(session, 'Analgetika4b', 'Opioid4b');
    const sum = () => find(session, 'MoEkvivalens').answers[0]?.valueDecimal;
    session.answer(find(session, 'DDMoTbl').key, [{ valueDecimal: 30 }]);
    expect(sum()).toBe(30);
    session.answer(find(session, 'DDOxKps').key, [{ valueDecimal: 20 }]);
    expect(sum()).toBe(60);
    expect(find(session, 'MoEkvivalens').control).toBe('calculated');
  });

  it('with the options that other answers leave, and with what was chosen before', () => {
    const session = open('SmerteregB11', { audience: 'staff' });
    session.addRow('Smertediagnoser');
    choose(session, 'SmerteKat', find(session, 'SmerteKat').options[0]?.answer.valueCoding?.code ?? '');
    const first = find(session, 'DiagKat').options;
    expect(first.length).toBeLessThan(11);
    choose(session, 'DiagKat', first[0]?.answer.valueCoding?.code ?? '');
    choose(session, 'SmerteKat', find(session, 'SmerteKat').options[1]?.answer.valueCoding?.code ?? '');
    const then = find(session, 'DiagKat').options;
    expect(then.filter(({ selected }) => selected).map(({ key }) => key)).toEqual([first[0]?.key]);
    expect(session.check().map(({ rule, linkId }) => `${rule} ${linkId}`)).toContain('invalidAnswerOption DiagKat');
  });

  it('with lists that are elsewhere, once they have come', async () => {
    const codings = [
      { system: 'http://example.org/f', code: '1', display: 'God' },
      { system: 'http://example.org/f', code: '2', display: 'Dårlig' },
    ];
    const session = open('SmerteregB12', { audience: 'staff', expand: async () => codings });
    expect(find(session, 'Funksjon12').control).toBe('autocomplete');
    await new Promise((resolve) => setTimeout(resolve));
    expect(find(session, 'Funksjon12')).toMatchObject({
      control: 'radio',
      options: [{ text: 'God' }, { text: 'Dårlig' }],
    });
    expect((await session.find('Funksjon12', 'dår')).map(({ text }) => text)).toEqual(['Dårlig']);
  });
});

describe('what comes from another device', () => {
  const answer = (linkId: string, valueString: string) => ({ linkId, answer: [{ valueString }] });
  const questionnaire = form(...['a', 'b', 'c'].map((linkId): QuestionnaireItem => ({ linkId, type: 'string' })));

  it('is taken over, but not for what was answered here since the last save', () => {
    const session = openForm(questionnaire, { response: { ...blank, item: [answer('a', '1'), answer('b', '1')] } });
    session.answer('b', [{ valueString: '2' }]);
    session.take({ ...blank, meta: { versionId: '7' }, item: [answer('b', '3'), answer('c', '3')] });
    expect(session.response('in-progress')).toMatchObject({
      meta: { versionId: '7' },
      item: [answer('b', '2'), answer('c', '3')],
    });
    session.saved({ ...blank, item: [answer('b', '2'), answer('c', '3')] });
    session.take({ ...blank, item: [answer('b', '4')] });
    expect(session.response('in-progress').item).toEqual([answer('b', '4')]);
  });

  it('does not take what was typed while it was saved', () => {
    const session = openForm(questionnaire);
    session.answer('a', [{ valueString: '1' }]);
    const sent = session.response('in-progress');
    session.answer('a', [{ valueString: '12' }]);
    session.saved(sent);
    session.take({ ...blank, item: [answer('a', 'other')] });
    expect(session.response('in-progress').item).toEqual([answer('a', '12')]);
  });

  it('leaves the rows that were changed here as they are', () => {
    const drugs = form({ linkId: 'g', type: 'group', repeats: true, item: [{ linkId: 'n', type: 'string' }] });
    const row = (name: string) => ({ linkId: 'g', item: [answer('n', name)] });
    const session = openForm(drugs, { response: { ...blank, item: [row('x'), row('y')] } });
    const [first] = find(session, 'g').rows ?? [];
    session.removeRow(first?.key ?? '');
    session.take({ ...blank, item: [row('x'), row('z')] });
    expect(session.response('in-progress').item).toEqual([row('y')]);
    session.saved(session.response('in-progress'));
    session.take({ ...blank, item: [row('y'), row('w')] });
    expect(session.response('in-progress').item).toEqual([row('y'), row('w')]);
  });
});

it('what the form asks of the server is fetched once, and counts as soon as it has come', async () => {
  const expression = (
    name: string,
    language: 'text/fhirpath' | 'application/x-fhir-query',
    text: string,
  ): Extension => ({
    url: `http://hl7.org/fhir/${name}`,
    valueExpression: { language, expression: text, ...(name.endsWith('variable') && { name: 'seen' }) },
  });
  const calculated = 'uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression';
  const asked: string[] = [];
  const session = openForm(
    {
      ...form({
        ...{ linkId: 'a', type: 'integer', readOnly: true },
        extension: [expression(calculated, 'text/fhirpath', '%seen.entry.resource.count()')],
      }),
      extension: [
        expression(
          'StructureDefinition/variable',
          'application/x-fhir-query',
          'Observation?patient={{%resource.subject.reference}}',
        ),
      ],
    },
    {
      query: async (query) => {
        asked.push(query);
        return {
          resourceType: 'Bundle',
          type: 'searchset',
          entry: [{ resource: { resourceType: 'Patient', id: '1' } }],
        };
      },
    },
  );
  let changes = 0;
  session.subscribe(() => {
    changes += 1;
  });
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toEqual(['Observation?patient=Patient%2F1']);
  expect(changes).toBe(1);
  expect(find(session, 'a').answers).toEqual([{ valueInteger: 1 }]);
});
