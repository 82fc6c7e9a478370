import type { Library, Questionnaire } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { scoreLibrary } from './scored-forms.ts';

const form = 'https://svar.example.org/fhir/Questionnaire/q';
const url = 'https://svar.example.org/fhir/Library/l';

function questionnaire(library?: string): Questionnaire {
  const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/cqf-library', valueCanonical: library }];
  return {
    resourceType: 'Questionnaire',
    status: 'active',
    url: form,
    ...(library === undefined ? {} : { extension }),
  };
}

function library(more: Partial<Library>): Library {
  const content = [{ contentType: 'application/json' }];
  return { resourceType: 'Library', status: 'active', type: {}, url, version: '1', content, ...more };
}

const depends = [{ type: 'depends-on' as const, resource: `${form}|1` }];

it('a form is scored by the Library that it names, in its version if it names one, else in the one stored last', () => {
  const first = library({ id: '1', meta: { lastUpdated: '2026-01-01T00:00:00Z' } });
  const second = library({ id: '2', version: '2', meta: { lastUpdated: '2026-02-01T00:00:00Z' } });
  const all = [second, first, library({ id: '3', url: `${url}x`, relatedArtifact: depends })];
  expect(scoreLibrary(questionnaire(url), all)?.id).toBe('2');
  expect(scoreLibrary(questionnaire(`${url}|1`), all)?.id).toBe('1');
  expect(scoreLibrary(questionnaire(`${url}|3`), all)).toBeUndefined();
});

it('else by one that depends on the form', () => {
  expect(
    scoreLibrary(questionnaire(), [library({ id: '1' }), library({ id: '2', relatedArtifact: depends })])?.id,
  ).toBe('2');
});

it('but not by one that is retired, or has no rules', () => {
  expect(scoreLibrary(questionnaire(url), [library({ status: 'retired' })])).toBeUndefined();
  expect(scoreLibrary(questionnaire(url), [library({ content: [{ contentType: 'text/cql' }] })])).toBeUndefined();
});
