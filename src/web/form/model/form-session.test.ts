import { describe, expect, it } from 'vitest';
import { shippedForm } from '../../../../tests/kit/shipped-forms.ts';
import { compileForm } from '../../../forms/form.ts';
import { validateResponse } from '../../../forms/validate-response.ts';
import type { FormSource } from '../contract.ts';
import { openFormSession } from './form-session.ts';

const now = new Date('2026-03-02T08:00:00Z');

function open(name: string, more: Partial<FormSource> = {}) {
  return openFormSession({
    questionnaire: shippedForm(name),
    response: {
      resourceType: 'QuestionnaireResponse',
      id: 'r1',
      status: 'in-progress',
      subject: { reference: 'Patient/1' },
    },
    language: 'nb',
    now: () => now,
    timeZone: 'Europe/Oslo',
    audience: 'patient',
    ...more,
  });
}

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
        ],
        [
          "PRSpm3Mangler tick",
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
    const all = (view: typeof after) => view.pages.flatMap(({ items }) => items.map(({ item }) => item.linkId));
    expect(all(before).filter((each) => !all(after).includes(each))).toEqual(['PRSpm3']);
    expect(JSON.stringify(session.response('in-progress'))).not.toContain('"PRSpm3"');
    session.answer('PRSpm3Mangler', []);
    expect(JSON.stringify(session.response('in-progress'))).toContain('"valueInteger":3');
  });
});
