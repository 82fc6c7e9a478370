import type { SearchParameter } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { r4SearchParameters } from './r4.ts';
import { type CustomSearchParameter, searchParameterRegistry } from './registry.ts';
import { withoutElements } from './without-elements.ts';

const HIDDEN = new Map([
  ['QuestionnaireResponse', new Set(['item', 'text'])],
  ['Task', new Set(['note', 'text'])],
]);

function own(code: string, expression: string, type: SearchParameter['type'] = 'string'): CustomSearchParameter {
  return {
    resource: {
      ...{ resourceType: 'SearchParameter', status: 'active', url: `urn:x:${code}`, name: code, description: code },
      ...{ code, base: ['Task'], type, expression },
    },
    placed: [{ type: 'Task', ordinal: 64, complete: true }],
  };
}

const custom = [
  own('plain', 'Task.description'),
  own('typed', '(Task.input.value as string) | Task.executionPeriod.start'),
  own('note', 'Task.note.text'),
  own('either', 'Task.description | Task.note.text'),
  own('joined', 'Task.description & Task.note.text'),
  own('combined', 'Task.code.combine(Task.note).text'),
  own('all', 'Task.descendants().ofType(string)'),
  own('below', 'Task.children().text'),
  own('whole', 'Task'),
  own('back', 'Task.code.where(%resource.note.exists())'),
  own('quoted', 'Task.`note`.text'),
  own('function', "Task.where(status = 'draft')"),
];
const all = searchParameterRegistry(r4SearchParameters(), custom);
const left = withoutElements(all, HIDDEN);
const missing = (type: string) =>
  all.list(type).flatMap(({ code }) => (left.get(type, code) === undefined ? [code] : []));

test('of R4’s parameters only the one that reads answers is left out', () => {
  expect(missing('QuestionnaireResponse')).toEqual(['item-subject']);
  expect(missing('Patient')).toEqual([]);
});

test('a parameter of one’s own is left out unless it is sure that it looks elsewhere', () => {
  expect(missing('Task')).toEqual(custom.slice(2).map(({ resource }) => resource.code));
  expect(left.list('Task').map(({ code }) => code)).toEqual(
    expect.arrayContaining(['status', 'plain', 'typed', '_tag']),
  );
});

test('words are searched for where nothing is hidden', () => {
  expect(['Task', 'QuestionnaireResponse', 'Observation'].map(left.hasWords)).toEqual([false, false, true]);
});
