import type { Encounter } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { currentPlace } from './place.ts';

const stay = (ward: string, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: {},
  serviceProvider: { reference: `Organization/${ward}` },
  location: [{ location: { reference: `Location/${ward}` } }],
  ...more,
});
const place = (ward: string) => ({ location: `Location/${ward}`, ward: `Organization/${ward}` });

it('is where the patient lies now, else where the patient lay last', () => {
  const before = stay('a', { status: 'finished', period: { start: '2026-03-01' } });
  const last = stay('b', { status: 'finished', period: { start: '2026-03-02' } });
  expect(currentPlace([before, last])).toEqual(place('b'));
  expect(currentPlace([before, stay('c', { period: { start: '2026-02-01' } }), last])).toEqual(place('c'));
});

it('is not where a mistake says, nor a location that the patient has left', () => {
  expect(currentPlace([stay('a', { status: 'entered-in-error' }), stay('b', { status: 'cancelled' })])).toEqual({});
  const moved = stay('a', {
    location: [
      { location: { reference: 'Location/left' }, status: 'completed' },
      { location: { reference: 'Location/here' }, status: 'active' },
      { location: { reference: 'Location/gone' }, period: { end: '2026-03-02' } },
    ],
  });
  expect(currentPlace([moved])).toEqual({ location: 'Location/here', ward: 'Organization/a' });
});
