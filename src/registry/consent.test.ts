import type { Consent } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { consentState, consentsFor, endsConsent, isWithdrawal, notApplicable } from './consent.ts';
import { extensionUrl } from './names.ts';

function consent(more: Partial<Consent>, policy = 'OPTIN'): Consent {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {},
    category: [{}],
    policy: [{ uri: 'https://svar.example.org/fhir/policy/a' }],
    policyRule: { coding: [{ code: policy }] },
    ...more,
  };
}

const about = (id: string): Partial<Consent> => ({
  provision: {
    provision: [{ type: 'permit', data: [{ meaning: 'dependents', reference: { reference: `EpisodeOfCare/${id}` } }] }],
  },
});

describe('what consents come to', () => {
  it.each([
    ['none', []],
    ['given', [consent({})]],
    ['refused', [consent({ status: 'rejected' })]],
    ['refused', [consent({ provision: { provision: [{ type: 'deny' }] } })]],
    ['withdrawn', [consent({ status: 'inactive' })]],
    ['none', [consent({ status: 'draft' })]],
    ['reserved', [consent({}, 'OPTOUT')]],
    ['none', [consent({ status: 'inactive' }, 'OPTOUT')]],
    ['withdrawn', [consent({ status: 'inactive', dateTime: '2026-03-02' }), consent({ dateTime: '2026-03-01' })]],
    ['given', [consent({ dateTime: '2026-03-03' }), consent({ status: 'inactive', dateTime: '2026-03-02' })]],
  ] as const)('%s', (state, consents) => {
    expect(consentState([...consents]).state).toBe(state);
  });
});

it('counts consents of the policy that are about the course or about none', () => {
  const policy = 'https://svar.example.org/fhir/policy/a';
  const other = consent({ policy: [{ uri: 'https://svar.example.org/fhir/policy/b' }] });
  const general = consent({});
  const ofCourse = consent(about('1'));
  const ofOther = consent(about('2'));
  const unnamed = consent({ ...about('1'), policy: undefined });
  const mistaken = consent({ status: 'entered-in-error' });
  expect(consentsFor([other, general, ofCourse, ofOther, unnamed, mistaken], policy, '1')).toEqual([
    general,
    ofCourse,
    unnamed,
  ]);
  expect(consentsFor([consent({ policy: undefined })], policy, '1')).toEqual([]);
});

it('that consent is not applicable is no refusal', () => {
  const kind = [{ url: extensionUrl.missingKind, valueCoding: notApplicable }];
  expect(consentState([consent({ status: 'rejected', extension: kind })]).state).toBe('none');
});

it.each([
  ['2026-03-01', '2026-03-02', true, true],
  ['2026-03-03', '2026-03-02', false, false],
  // of one day, without times: what is there when the withdrawal happens
  ['2026-03-02', '2026-03-02T10:00:00+01:00', true, false],
  ['2026-03-02T09:00:00+01:00', '2026-03-02T10:00:00+01:00', true, true],
  ['2026-03-02T11:00:00+01:00', '2026-03-02T10:00:00+01:00', false, false],
  // the day is that of the registry's zone
  ['2026-03-02', '2026-03-01T23:30:00Z', true, false],
] as const)(
  'a withdrawal ends a consent that was given no later: of %s, by one of %s',
  (given, withdrawn, now, later) => {
    const withdrawal = consent({ status: 'inactive', dateTime: withdrawn });
    const of = consent({ dateTime: given });
    expect(isWithdrawal(withdrawal)).toBe(true);
    const at = new Date('2026-03-04T12:00:00Z');
    expect([at, false as const].map((isNow) => endsConsent(withdrawal, of, isNow, 'Europe/Oslo'))).toEqual([
      now,
      later,
    ]);
    const optOut = { ...of, policyRule: { coding: [{ code: 'OPTOUT' }] } };
    expect(endsConsent(withdrawal, optOut, at, 'Europe/Oslo')).toBe(false);
  },
);

it('a consent whose date lies ahead has been given by now: a withdrawal of today ends it, one of yesterday does not', () => {
  const now = new Date('2026-03-04T12:00:00Z');
  const ahead = consent({ dateTime: '2027-03-04' });
  const ends = (dateTime: string) => endsConsent(consent({ status: 'inactive', dateTime }), ahead, now, 'Europe/Oslo');
  expect(['2026-03-04T12:00:00Z', '2026-03-04', '2026-03-03'].map(ends)).toEqual([true, true, false]);
});
