import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { compileForm } from '../src/forms/form.ts';
import { validateResponse } from '../src/forms/validate-response.ts';

const hads = new URL('../questionnaires/instruments/hads.json', import.meta.url);
const data = { now: new Date('2026-03-02T08:00:00Z'), timeZone: 'Europe/Oslo', valueSets: () => undefined };

/** Whole HADS responses validated a second on this thread, calculated scores among them: the best of some rounds of `seconds`. */
export function validationsPerSecond(seconds = 1, rounds = 5): number {
  const questionnaire = JSON.parse(readFileSync(hads, 'utf8')) as Questionnaire;
  const form = compileForm(questionnaire);
  const responses = Array.from({ length: 1000 }, (_, seed) => response(questionnaire, seed));
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    let count = 0;
    while (performance.now() - begin < seconds * 1000) {
      for (const one of responses) {
        if (validateResponse(form, one, data).length > 0) throw new Error('a right response was refused');
      }
      count += responses.length;
    }
    best = Math.max(best, count / ((performance.now() - begin) / 1000));
  }
  return Math.round(best);
}

/** Parsed from JSON as a request is; every question answered. */
function response({ url, version, item }: Questionnaire, seed: number): QuestionnaireResponse {
  const questions = (item ?? []).filter(({ type }) => type === 'choice');
  const body = {
    ...{ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: `${url}|${version}` },
    ...{ subject: { reference: `Patient/${seed}` }, authored: '2026-03-02T08:00:00Z' },
    item: questions.map(({ linkId, text, answerOption = [] }, index) => {
      const option = answerOption[(seed * 7 + index * 3) % answerOption.length]?.valueCoding;
      return { linkId, text, answer: [{ valueCoding: { system: option?.system, code: option?.code } }] };
    }),
  };
  return JSON.parse(JSON.stringify(body)) as QuestionnaireResponse;
}

if (import.meta.main) {
  process.stdout.write(`HADS responses validated a second: ${validationsPerSecond()}\n`);
}
