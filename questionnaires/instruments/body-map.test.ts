import { expect, it } from 'vitest';
import { instrument } from './test-kit/instrument.ts';

const map = instrument('body-map');
const codes = (map.questionnaire.item?.[0]?.answerOption ?? []).map(({ valueCoding }) => valueCoding?.code ?? '');
const places = codes.filter((code) => code !== 'none');

it('the body has 36 places, 18 on each side', () => {
  expect(places).toHaveLength(36);
  expect(places.filter((code) => code.endsWith('-left')).map((code) => code.replace('-left', '-right'))).toEqual(
    places.filter((code) => code.endsWith('-right')),
  );
});

it.each([
  [['none'], 0],
  [['lower-back-left'], 1],
  [['lower-back-left', 'lower-back-right', 'head-left'], 3],
  [places, 36],
])('the Pain Region Index is the number of places (%#)', (chosen, count) => {
  expect(map.scores({ BodyMapRegions: chosen }).get('pain-region-index')?.value).toBe(count);
});

it('without answer there is no index, not 0', () => {
  expect(map.scores({}).get('pain-region-index')?.absent?.reason).toBe('too-few-answered');
});

it('no pain excludes every place', () => {
  const faults = (chosen: string[]) => map.faults({ BodyMapRegions: chosen });
  expect(faults(['none'])).toEqual([]);
  expect(faults(['hand-left', 'none'])).not.toEqual([]);
});
