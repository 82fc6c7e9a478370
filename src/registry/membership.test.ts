import type { ResearchStudy } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { ConsentState } from './consent.ts';
import { basisAt, type CriterionOutcome, decideMembership, type LegalBasis, membershipChange } from './membership.ts';
import { extensionUrl } from './names.ts';

const outcomes: readonly (boolean | undefined)[] = [true, false, undefined];
const consents: readonly ConsentState[] = ['none', 'given', 'refused', 'withdrawn', 'reserved'];
const bases: readonly LegalBasis[] = ['consent', 'reservation', 'waiver'];

describe('every combination of criteria, consent and legal basis', () => {
  const cases = bases.flatMap((basis) =>
    consents.flatMap((consent) =>
      outcomes.flatMap((first) => outcomes.map((second) => [basis, consent, first, second] as const)),
    ),
  );
  it.each(cases)('%s, consent %s, criteria %s and %s', (basis, consent, first, second) => {
    const criteria: CriterionOutcome[] = [
      { reason: { code: 'first' }, met: first },
      { reason: { code: 'second' }, met: second },
    ];
    const { place, status, reason } = decideMembership(criteria, basis, consent);
    const agreed = consent === 'given' || consent === 'none';
    const lawful = { consent: consent === 'given', reservation: agreed, waiver: true }[basis];
    // Fail closed: the national registry holds a course only with every criterion met and its legal basis there.
    expect(place === 'national').toBe(first === true && second === true && lawful);
    expect(status === 'on-study').toBe(place === 'national');
    expect(reason === undefined).toBe(place === 'national');
    if (basis !== 'waiver' && consent === 'withdrawn') expect(reason?.code).toBe('consent-withdrawn');
    else if (first === false) expect([status, reason?.code]).toEqual(['ineligible', 'first']);
    else if (second === false) expect([status, reason?.code]).toEqual(['ineligible', 'second']);
    else if (status === 'candidate') expect(reason?.code).toBe(first === undefined ? 'first' : 'second');
  });
});

it('the basis in force at the start of the course governs it', () => {
  const basis = (value: string, start?: string, end?: string) => ({
    url: extensionUrl.legalBasis,
    extension: [
      { url: 'purpose', valueCode: 'storage' },
      { url: 'basis', valueCode: value },
      { url: 'period', valuePeriod: { start, end } },
    ],
  });
  const study: ResearchStudy = {
    resourceType: 'ResearchStudy',
    status: 'active',
    extension: [basis('consent', undefined, '2022-11-30'), basis('reservation', '2022-12-01')],
  };
  expect(basisAt(study, '2022-11-30')).toBe('consent');
  expect(basisAt(study, '2022-12-01')).toBe('reservation');
  expect(basisAt(undefined, '2026-01-01')).toBe('consent');
  expect(basisAt({ ...study, extension: [basis('nonsense')] }, '2026-01-01')).toBe('consent');
});

it('a membership that old data ends before it began ends when it began: a period is never turned round', () => {
  const change = membershipChange({
    template: { individual: { reference: 'Patient/1' } },
    episode: { resourceType: 'EpisodeOfCare', id: '1', status: 'active', patient: { reference: 'Patient/1' } },
    study: { resourceType: 'ResearchStudy', id: 'local', status: 'active' },
    decision: { place: 'local', status: 'ineligible', reason: { code: 'age' } },
    ended: { code: 'ended' },
    open: [
      {
        resourceType: 'ResearchSubject',
        status: 'on-study',
        study: { reference: 'ResearchStudy/national' },
        individual: { reference: 'Patient/1' },
        period: { start: '2026-03-02T09:00:00+01:00' },
      },
    ],
    consentReference: undefined,
    since: '2020-01-01T00:00:00Z',
    until: '2020-01-01T00:00:00Z',
  });
  expect(change.close.map(({ period }) => period)).toEqual([
    { start: '2026-03-02T09:00:00+01:00', end: '2026-03-02T09:00:00+01:00' },
  ]);
});
