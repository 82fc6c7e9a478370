import { readdirSync, readFileSync } from 'node:fs';
import type { CodeSystem } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { parseScoreRules } from './read-score-rules.ts';
import { methodOf } from './score-observation.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const rules = ['questionnaires/instruments/', 'questionnaires/forms/smertereg/'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.scores.rules.json'))
    .flatMap((file) => parseScoreRules(read(folder + file), file).scores),
);

const concepts = (name: string) =>
  new Map(
    (JSON.parse(read(`terminology/code-systems/svar/${name}.json`)) as CodeSystem).concept?.map(
      ({ code, display, designation }) => [
        code,
        { nb: display, ...Object.fromEntries((designation ?? []).map(({ language, value }) => [language, value])) },
      ],
    ),
  );

it('every score of the product has its code and its names in the code system of scores', () => {
  const known = concepts('score');
  expect(rules.length).toBeGreaterThan(20);
  for (const { code, display } of rules) expect([code, known.get(code)]).toEqual([code, display]);
});

it('every way of scoring has its code', () => {
  const known = concepts('scoring-method');
  for (const rule of rules) expect([...known.keys()]).toContain(methodOf(rule));
});
