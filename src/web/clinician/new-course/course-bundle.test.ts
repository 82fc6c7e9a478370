import type { Patient } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { courseBundle } from './course-bundle.ts';

const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';

const bundleFor = (patient: Patient) => {
  const ids = ['1', '2', '3'];
  return courseBundle({
    ...{ patient, hospital: 'Organization/h', day: '2026-03-02', uuid: () => ids.shift() ?? '' },
  }).entry?.map(({ fullUrl, request, resource }) => ({ fullUrl, request, resource }));
};

test('who is not registered is registered once, however many begin a course of theirs', () => {
  const identifier = [{ system: NATIONAL_NUMBER, value: '13916900281' }];
  const [patient, referral, course] = bundleFor({ resourceType: 'Patient', identifier }) ?? [];
  expect(patient?.request).toEqual({
    ...{
      method: 'POST',
      url: 'Patient',
      ifNoneExist: `identifier=${encodeURIComponent(`${NATIONAL_NUMBER}|13916900281`)}`,
    },
  });
  expect(referral?.resource).toMatchObject({ subject: { reference: patient?.fullUrl } });
  expect(course?.resource).toMatchObject({
    patient: { reference: patient?.fullUrl },
    referralRequest: [{ reference: referral?.fullUrl }],
  });
});

test('who has a number of no known system is registered once by it and the birth date, whatever stands in it', () => {
  const [patient] =
    bundleFor({ resourceType: 'Patient', identifier: [{ value: 'A&b,1' }], birthDate: '1980-05-04' }) ?? [];
  const query = new URLSearchParams(patient?.request?.ifNoneExist);
  expect([query.get('identifier'), query.get('birthdate')]).toEqual(['|A&b\\,1', '1980-05-04']);
});

test('who has no number is a patient of their own', () => {
  expect(bundleFor({ resourceType: 'Patient' })?.[0]?.request).toEqual({ method: 'POST', url: 'Patient' });
});

test('a course of somebody who is registered already makes no other patient', () => {
  const entries = bundleFor({ resourceType: 'Patient', id: 'p' });
  expect(entries?.map(({ resource }) => resource?.resourceType)).toEqual(['ServiceRequest', 'EpisodeOfCare']);
  expect(entries?.[1]?.resource).toMatchObject({ patient: { reference: 'Patient/p' } });
});

test('a course is of the hospital where somebody works, or of none at a server that knows of none', () => {
  expect(bundleFor({ resourceType: 'Patient', id: 'p' })?.[1]?.resource).toMatchObject({
    managingOrganization: { reference: 'Organization/h' },
  });
  const { entry } = courseBundle({
    ...{ patient: { resourceType: 'Patient', id: 'p' }, hospital: undefined, day: '2026-03-02', uuid: () => 'x' },
  });
  expect(entry?.[1]?.resource).not.toHaveProperty('managingOrganization');
});
