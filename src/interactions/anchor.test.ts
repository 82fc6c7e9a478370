import { describe, expect, test } from 'vitest';
import { anchorClues, anchorOf, type Belongs, type ResolvedReference } from './anchor.ts';

const reference = (type: string, rid: string, path = 'X.about'): ResolvedReference => ({ type, rid, path });
const place = { rid: '1', unsent: false, patient: '10', tenant: '20', formerly: undefined };
const nobody = { ...place, patient: undefined, tenant: undefined };

function anchor(
  type: string,
  references: readonly ResolvedReference[],
  sources: readonly Belongs[] = [],
  at: Parameters<typeof anchorOf>[2] = place,
): string | undefined {
  return anchorOf(anchorClues(type, references), sources, at);
}

describe('the anchor of a resource', () => {
  test.each(['Patient', 'EpisodeOfCare', 'ServiceRequest', 'Organization'])('%s: itself, whatever it names', (type) => {
    expect(anchor(type, [reference('EpisodeOfCare', '5'), reference('Organization', '6')])).toBe('1');
  });

  test('is the course that it names, wherever; a course comes before a referral', () => {
    expect(anchor('Task', [reference('ServiceRequest', '4'), reference('EpisodeOfCare', '5')])).toBe('5');
    expect(anchor('QuestionnaireResponse', [reference('Patient', '10'), reference('ServiceRequest', '4')])).toBe('4');
  });

  test('is that of the first thing it names that has one of a course or a hospital', () => {
    const named = [reference('Observation', '7'), reference('QuestionnaireResponse', '8')];
    expect(anchorClues('Observation', named).inherits).toEqual(['7', '8']);
    const sources = [
      { patient: '10', anchor: '10' },
      { patient: '10', anchor: '4' },
    ];
    expect(anchor('Observation', named, sources)).toBe('4');
  });

  test('is not had from what is about another patient', () => {
    const named = [reference('Observation', '7')];
    expect(anchor('Observation', named, [{ patient: '11', anchor: '4' }])).toBe('20');
    expect(anchor('Observation', named, [{ patient: undefined, anchor: '4' }])).toBe('4');
    expect(anchor('Provenance', named, [{ patient: '11', anchor: '4' }], nobody)).toBe('4');
  });

  test('is not had from persons, nor from what is about no patient', () => {
    const named = ['Patient', 'RelatedPerson', 'Group', 'Device', 'Practitioner', 'Organization', 'Questionnaire'];
    expect(
      anchorClues(
        'Observation',
        named.map((type) => reference(type, '9')),
      ).inherits,
    ).toEqual([]);
  });

  test.each([
    ['Location', 'Location.managingOrganization'],
    ['PractitionerRole', 'PractitionerRole.organization'],
    ['HealthcareService', 'HealthcareService.providedBy'],
  ])('%s: the Organization that it belongs to', (type, path) => {
    expect(anchor(type, [reference('Organization', '6'), reference('Organization', '7', path)])).toBe('7');
  });

  test('is the hospital that stores it, else its patient, else nothing', () => {
    expect(anchor('Observation', [])).toBe('20');
    expect(anchor('Observation', [], [], { ...place, tenant: undefined })).toBe('10');
    expect(anchor('Questionnaire', [], [], nobody)).toBeUndefined();
  });
});

test('a Binary is where its context is, a patient too', () => {
  expect(anchor('Binary', [reference('Patient', '10', 'Binary.securityContext')], [], nobody)).toBe('10');
  expect(anchor('Observation', [reference('Patient', '11', 'Observation.subject')])).toBe('20');
  const named = [reference('DocumentReference', '7', 'Binary.securityContext')];
  expect(anchor('Binary', named, [{ patient: '10', anchor: '10' }], nobody)).toBe('10');
  expect(anchor('Binary', named, [{ patient: '10', anchor: undefined }], nobody)).toBeUndefined();
});

describe('what a patient has not sent', () => {
  const sent = [reference('ServiceRequest', '4')];

  test('hangs on itself, whatever it names, until it is sent', () => {
    expect(anchor('QuestionnaireResponse', sent, [], { ...place, unsent: true })).toBe('1');
    const formerly = { patient: '10', anchor: '1' };
    expect(anchor('QuestionnaireResponse', sent, [], { ...place, formerly })).toBe('4');
  });

  test('hangs on its patient once it is sent, where it names no course', () => {
    const formerly = { patient: '10', anchor: '1' };
    expect(anchor('QuestionnaireResponse', [], [], { ...place, tenant: undefined, formerly })).toBe('10');
  });
});

describe('a next version', () => {
  const formerly = { patient: '10', anchor: '4' };

  test('stays where it was if it names no course, whoever writes it', () => {
    expect(anchor('Observation', [], [], { ...place, formerly })).toBe('4');
    expect(anchor('Observation', [], [], { ...place, tenant: undefined, formerly })).toBe('4');
  });

  test('goes to the course that it names', () => {
    expect(anchor('Observation', [reference('ServiceRequest', '5')], [], { ...place, formerly })).toBe('5');
  });

  test('that is about another patient leaves what the former one was in', () => {
    expect(anchor('Observation', [], [], { ...place, patient: '11', formerly })).toBe('20');
  });

  test('of what hung on its patient hangs on the hospital that writes it', () => {
    expect(anchor('Observation', [], [], { ...place, formerly: { patient: '10', anchor: '10' } })).toBe('20');
  });
});
