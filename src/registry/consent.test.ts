import type { Consent } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { consentState, consentsFor } from './consent.ts';

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
