import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedForms } from '../../../../tests/kit/shipped-forms.ts';
import { compileForm } from '../../../forms/form.ts';
import { validateResponse } from '../../../forms/validate-response.ts';
import type { FormSession, ItemView } from '../contract.ts';
import { openFormSession } from './form-session.ts';

const now = new Date('2026-03-02T08:00:00Z');
const RUNS = 12;
/** A tap, by numbers that are read as whatever the question takes. */
const tap = fc.record({ at: fc.nat(400), pick: fc.nat(40), odd: fc.nat(9) });

const all = (session: FormSession): ItemView[] => {
  const inside = (views: readonly ItemView[]): ItemView[] => views.flatMap((view) => [view, ...inside(view.children)]);
  return session.current().pages.flatMap(({ items }) => inside(items));
};

/** Now and then what the form does not take: a number out of its range, a text that is too long. */
function answerTo({ item, options, answers }: ItemView, pick: number, odd: number): QuestionnaireResponseItemAnswer[] {
  if (odd === 0) return [];
  const option = options[pick % Math.max(1, options.length)];
  if (option !== undefined) return item.repeats && odd > 4 ? [...answers, option.answer] : [option.answer];
  switch (item.type) {
    case 'boolean':
      return [{ valueBoolean: pick % 2 === 0 }];
    case 'integer':
      return [{ valueInteger: odd === 1 ? pick * 40 : pick % 11 }];
    case 'decimal':
      return [{ valueDecimal: odd === 1 ? pick + 0.123456 : pick }];
    case 'date':
      return [{ valueDate: `20${String(10 + (pick % 17))}-0${1 + (pick % 9)}-1${pick % 10}` }];
    case 'string':
    case 'text':
      return [{ valueString: `word ${pick}${odd === 1 ? '\nmore' : ''}` }];
    case 'choice':
      return [{ valueCoding: { system: 'http://hl7.org/fhir/sid/icd-10', code: `M${pick}`, display: 'Some' } }];
    case 'reference':
      return [{ valueReference: { reference: `Organization/${pick}` } }];
    default:
      return [];
  }
}

describe.each([...shippedForms.keys()])('whatever is answered to %s', (name) => {
  const questionnaire = shippedForms.get(name);
  if (questionnaire === undefined) return;
  const form = compileForm(questionnaire);

  it('the server finds nothing wrong in what the check lets through, and something in all else', () => {
    const taps = fc.array(tap, { maxLength: 60 });
    fc.assert(
      fc.property(taps, fc.boolean(), (given, confirms) => {
        const session = openFormSession({
          questionnaire,
          response: {
            resourceType: 'QuestionnaireResponse',
            status: 'in-progress',
            subject: { reference: 'Patient/1' },
          },
          language: 'nb',
          now: () => now,
          timeZone: 'Europe/Oslo',
          audience: 'staff',
        });
        for (const { at, pick, odd } of given) {
          const views = all(session);
          const view = views[at % views.length];
          if (view?.item.type === 'group' && view.item.repeats) {
            const row = view.rows?.[pick % Math.max(1, view.rows.length)];
            if (row === undefined || odd > 2) session.addRow(view.key);
            else session.removeRow(row.key);
          } else if (view !== undefined) {
            session.answer(view.key, answerTo(view, pick, odd));
          }
        }
        if (confirms) for (const fault of session.check()) session.confirm(fault);
        const response = session.response('completed');
        const told = session.check().map(({ linkId, rule }) => `${rule} ${linkId}`);
        const issues = validateResponse(form, response, { now, timeZone: 'Europe/Oslo' });
        const broken = issues.filter(({ details }) => details !== undefined);
        expect(new Set(told.map((each) => each.split(' ')[0]))).toEqual(
          new Set(broken.map(({ details }) => details?.code)),
        );
        // what is kept as a draft comes back as it is
        const again = openFormSession({
          questionnaire,
          response: session.response('in-progress'),
          language: 'nb',
          now: () => now,
          timeZone: 'Europe/Oslo',
          audience: 'staff',
        });
        expect(again.response('completed').item).toEqual(response.item);
      }),
      { numRuns: RUNS },
    );
  });
});
