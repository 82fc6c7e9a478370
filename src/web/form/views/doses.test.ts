import { expect, test } from 'vitest';
import { shippedForm } from '../../../../tests/kit/shipped-forms.ts';
import type { FormSession, ItemView } from '../contract.ts';
import { openFormSession } from '../model/form-session.ts';
import { dosesOf, emptyRows } from './doses.ts';

function openB11(): FormSession {
  return openFormSession({
    questionnaire: shippedForm('SmerteregB11'),
    response: { resourceType: 'QuestionnaireResponse', status: 'in-progress', subject: { reference: 'Patient/1' } },
    ...{ language: 'nb', now: () => new Date('2026-03-02T08:00:00Z'), timeZone: 'Europe/Oslo', audience: 'staff' },
  });
}

function views(session: FormSession): readonly ItemView[] {
  const inside = (items: readonly ItemView[]): ItemView[] => items.flatMap((view) => [view, ...inside(view.children)]);
  return session.current().pages.flatMap(({ items }) => inside(items));
}

function answer(session: FormSession, linkId: string, value: object): void {
  const view = views(session).find(({ item }) => item.linkId === linkId);
  session.answer(view?.key ?? '', [value]);
}

const opioids = (session: FormSession) =>
  views(session)
    .flatMap(({ children }) => dosesOf(children) ?? [])
    .at(0);

test('the opioids of B1.1 are a table of doses, with their total after it', () => {
  const session = openB11();
  const analgesics = views(session).find(({ item }) => item.linkId === 'Analgetika4b');
  const [opioid] = analgesics?.options.filter(({ text }) => text.startsWith('Opioider')) ?? [];
  session.answer(analgesics?.key ?? '', opioid === undefined ? [] : [opioid.answer]);
  const table = opioids(session);
  expect(table?.rows.length).toBeGreaterThan(10);
  expect(table?.after.map(({ item }) => item.linkId)).toContain('MoEkvivalens');
  expect(emptyRows(table?.rows ?? [])).toHaveLength(table?.rows.length ?? 0);

  answer(session, 'DDMoTbl', { valueDecimal: 20 });
  // nothing is zero: that is a dose which somebody wrote
  answer(session, 'DDOxDep', { valueDecimal: 0 });
  const rows = opioids(session)?.rows ?? [];
  expect(rows.length - emptyRows(rows).length).toBe(2);
  expect(emptyRows(rows)).not.toContain(rows.find(([dose]) => dose?.item.linkId === 'DDMoTbl')?.[0]?.key);
});

test('a row of which something is told is not empty', () => {
  const row = { key: 'a', answers: [], faults: [] } as unknown as ItemView;
  const fault = { key: 'b', linkId: 'b', severity: 'error', text: '', rule: 'required', confirmed: false } as const;
  expect(emptyRows([[row], [{ ...row, key: 'b', faults: [fault] }]])).toEqual(['a']);
});
