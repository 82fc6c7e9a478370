import { readFileSync } from 'node:fs';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { compileForm } from '../src/forms/form.ts';
import { parseScoreRules } from '../src/forms/score/read-score-rules.ts';
import { compileScorer } from '../src/forms/score/scorer.ts';

const folder = new URL('../questionnaires/instruments/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

/** HADS responses scored a second on this thread, both subscales each: the best of some rounds of `seconds`. */
export function hadsScoresPerSecond(seconds = 1, rounds = 5): number {
  const questionnaire = JSON.parse(read('hads.json')) as Questionnaire;
  const rules = parseScoreRules(read('hads.scores.rules.json'), 'hads');
  const scorer = compileScorer(rules, compileForm(questionnaire), { tables: new Map() });
  const responses = Array.from({ length: 1000 }, (_, seed) => response(questionnaire, seed));
  let best = 0;
  let check = 0;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    let count = 0;
    while (performance.now() - begin < seconds * 1000) {
      for (const one of responses) check += scorer.score(one).length;
      count += responses.length;
    }
    best = Math.max(best, count / ((performance.now() - begin) / 1000));
  }
  if (check === 0) throw new Error('nothing was scored');
  return Math.round(best);
}

/** Parsed from JSON as a request is, some answers missing. */
function response(questionnaire: Questionnaire, seed: number): QuestionnaireResponse {
  const items = (questionnaire.item ?? []).filter(({ type }) => type === 'choice');
  const body = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: items.flatMap(({ linkId, answerOption }, index) => {
      const option = answerOption?.[(seed * 7 + index * 3) % 5]?.valueCoding;
      const left = (seed + index) % 11 === 0;
      return left ? [] : [{ linkId, answer: [{ valueCoding: { system: option?.system, code: option?.code } }] }];
    }),
  };
  return JSON.parse(JSON.stringify(body)) as QuestionnaireResponse;
}

if (import.meta.main) {
  process.stdout.write(`HADS responses scored a second: ${hadsScoresPerSecond()}\n`);
}
