import type { Expression, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { compileForm } from '../form.ts';
import type { FormData } from './data.ts';
import { openForm } from './form-state.ts';
import { candidateAnswers, permittedAnswers } from './permitted-answers.ts';
import { wantedQueries } from './wanted-queries.ts';

const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const now = new Date('2026-03-02T10:00:00Z');
const patient = { resourceType: 'Patient', id: 'p 1' };

function query(url: string, expression: string, name?: string): Extension {
  return {
    url,
    valueExpression: { language: 'application/x-fhir-query', expression, ...(name && { name }) } as Expression,
  };
}

function fhirpath(url: string, expression: string, name?: string): Extension {
  return { url, valueExpression: { language: 'text/fhirpath', expression, ...(name && { name }) } as Expression };
}

const variable = 'http://hl7.org/fhir/StructureDefinition/variable';
const launch: Extension = {
  url: `${sdc}launchContext`,
  extension: [
    { url: 'name', valueCoding: { code: 'patient' } },
    { url: 'type', valueCode: 'Patient' },
  ],
};
const response = { resourceType: 'QuestionnaireResponse' as const, status: 'in-progress' as const };

function form(item: QuestionnaireItem[], ...extension: Extension[]): ReturnType<typeof compileForm> {
  const questionnaire: Questionnaire = {
    resourceType: 'Questionnaire',
    status: 'active',
    item,
    extension: [launch, ...extension],
  };
  return compileForm(questionnaire);
}

function wanted(made: ReturnType<typeof compileForm>, data: Partial<FormData> = {}): readonly string[] {
  return wantedQueries(made, response, { now, launch: { patient }, ...data });
}

describe('the queries that a form wants', () => {
  it('have their placeholders filled in, escaped for a URL, several values with commas', () => {
    const made = form(
      [],
      query(variable, 'Condition?patient={{%patient.id}}&code={{%codes}}&date=ge{{today() - 1 year}}', 'early'),
      fhirpath(variable, "'a&b' | 'c'", 'codes'),
      query(variable, 'Condition?patient={{%patient.id}}&code={{%codes}}&date=ge{{today() - 1 year}}', 'conditions'),
    );
    expect(wanted(made)).toEqual(['Condition?patient=p%201&code=a%26b,c&date=ge2025-03-02']);
  });

  it('are left out while a placeholder has no value', () => {
    const made = form(
      [],
      query(variable, 'Condition?patient={{%patient.id}}', 'c'),
      query(variable, 'Group?active=true', 'g'),
    );
    expect(wanted(made, { launch: { patient: { resourceType: 'Patient' } } })).toEqual(['Group?active=true']);
    expect(wanted(made, { launch: {} })).toEqual(['Group?active=true']);
  });

  it('are those of lists to pick from too, unless nobody picks', () => {
    const list = query(`${sdc}candidateExpression`, 'Location?status=active');
    const made = form([{ linkId: 'where', type: 'reference', extension: [list] }], query(variable, 'Group', 'g'));
    const asked = (candidates: boolean) => wantedQueries(made, response, { now }, { candidates });
    expect(asked(true)).toEqual(['Group', 'Location?status=active']);
    expect(asked(false)).toEqual(['Group']);
  });

  it('follow from each other, step by step, and each is wanted once', () => {
    const made = form(
      [{ linkId: 'q', type: 'string', extension: [query(`${sdc}initialExpression`, 'Practitioner/{{%who}}')] }],
      query(variable, 'Encounter?patient={{%patient.id}}', 'encounters'),
      fhirpath(
        variable,
        "%encounters.entry.resource.participant.individual.reference.replace('Practitioner/', '')",
        'who',
      ),
      query(variable, 'Encounter?patient={{%patient.id}}', 'again'),
    );
    const fetched = new Map<string, unknown>();
    const step = (): readonly string[] => wanted(made, { queries: (text) => fetched.get(text) });
    expect(step()).toEqual(['Encounter?patient=p%201']);
    const individual = { reference: 'Practitioner/7' };
    const encounter = { resourceType: 'Encounter', participant: [{ individual }] };
    fetched.set('Encounter?patient=p%201', { resourceType: 'Bundle', entry: [{ resource: encounter }] });
    expect(step()).toEqual(['Practitioner/7']);
    fetched.set('Practitioner/7', { resourceType: 'Practitioner', id: '7' });
    expect(step()).toEqual([]);
  });

  it('are those of every expression', () => {
    const on = (name: string): Extension => query(sdc + name, `Basic?code=${name}`);
    const names = ['answerExpression', 'candidateExpression', 'itemPopulationContext', 'initialExpression'];
    const view = { url: `${sdc}contextExpression`, extension: [{ ...query('expression', 'Basic?code=view') }] };
    const made = form([{ linkId: 'q', type: 'reference', extension: [...names.map(on), view] }]);
    expect([...wanted(made)].sort()).toEqual([...names, 'view'].map((name) => `Basic?code=${name}`).sort());
  });

  it('a placeholder without end is refused', () => {
    expect(() => form([], query(variable, 'A?b={{%patient.id', 'x'))).toThrow('a {{ without }}');
  });
});

describe('answerExpression and candidateExpression', () => {
  const bundle = {
    resourceType: 'Bundle',
    entry: [
      { resource: { resourceType: 'Practitioner', id: '1' } },
      { resource: { resourceType: 'Organization', id: '9' }, search: { mode: 'include' } },
    ],
  };
  const data = {
    now,
    launch: { patient },
    queries: (text: string) => (text === 'Practitioner?active=true' ? bundle : undefined),
  };

  it('a Bundle stands for the resources that it found, as references', () => {
    const made = form([
      { linkId: 'q', type: 'reference', extension: [query(`${sdc}answerExpression`, 'Practitioner?active=true')] },
    ]);
    const state = openForm(made, response, data);
    const item = made.items.get('q');
    if (item === undefined) throw new Error('no item');
    expect(permittedAnswers(state, item, state.root.inside(item))).toEqual([
      { valueReference: { reference: 'Practitioner/1' } },
    ]);
    expect(candidateAnswers(state, item, state.root.inside(item))).toBeUndefined();
  });

  it('values are answers of the type of the question', () => {
    const made = form([
      { linkId: 'n', type: 'decimal', extension: [fhirpath(`${sdc}candidateExpression`, '1 | 2.5')] },
      { linkId: 't', type: 'decimal', extension: [fhirpath(`${sdc}answerExpression`, "'x'")] },
    ]);
    const state = openForm(made, response, data);
    const [n, t] = [made.items.get('n'), made.items.get('t')];
    if (n === undefined || t === undefined) throw new Error('no items');
    expect(candidateAnswers(state, n, state.root.inside(n))).toEqual([{ valueDecimal: 1 }, { valueDecimal: 2.5 }]);
    expect(permittedAnswers(state, t, state.root.inside(t))).toBeUndefined();
    expect(state.issues[0]?.diagnostics).toContain('a value of type String for a question of type decimal');
  });

  it('and fixed options may not stand together', () => {
    const answerOption = [{ valueInteger: 1 }];
    const item: QuestionnaireItem = {
      ...{ linkId: 'q', type: 'choice', answerOption },
      extension: [fhirpath(`${sdc}answerExpression`, '1')],
    };
    expect(() => form([item])).toThrow('one only');
  });
});
