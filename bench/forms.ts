import { readFileSync } from 'node:fs';
import type { Patient, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { compileForm } from '../src/forms/form.ts';
import { populate, startResponse } from '../src/forms/populate/populate.ts';
import { parseScoreRules } from '../src/forms/score/read-score-rules.ts';
import { compileScorer } from '../src/forms/score/scorer.ts';
import { validateResponse } from '../src/forms/validate-response.ts';

/** What the form engine does in a second on one thread, and what a bare loop over the same parsed JSON does. */
export interface EngineRow {
  readonly name: string;
  readonly perSecond: number;
  /** µs of CPU for each. */
  readonly cpu_us: number;
  readonly rawPerSecond: number;
  readonly asked?: number;
}

const instruments = new URL('../questionnaires/instruments/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, instruments), 'utf8');
const now = new Date('2026-03-02T08:00:00Z');

/** Scoring, validating and populating, each for `seconds`. */
export function formEngine(seconds: number): readonly EngineRow[] {
  const hads = JSON.parse(read('hads.json')) as Questionnaire;
  const form = compileForm(hads);
  const scorer = compileScorer(parseScoreRules(read('hads.scores.rules.json'), 'hads'), form, { tables: new Map() });
  const responses = Array.from({ length: 1000 }, (_, seed) => response(hads, seed));
  const data = { now, timeZone: 'Europe/Oslo', valueSets: () => undefined };
  const patient: Patient = { resourceType: 'Patient', id: 'p', birthDate: '1970-01-01', gender: 'female' };
  const intake = compileForm(prefilled());
  const subject = { reference: 'Patient/p' };

  const sum = rate(seconds, responses, addUp);
  return [
    {
      name: 'HADS scored, two scores each',
      ...rate(seconds, responses, (one) => scorer.score(one).length),
      rawPerSecond: sum.perSecond,
      asked: 100_000,
    },
    {
      name: 'HADS validated, calculated scores among it',
      ...rate(seconds, responses, (one) => {
        if (validateResponse(form, one, data).length > 0) throw new Error('a right response was refused');
        return 1;
      }),
      rawPerSecond: sum.perSecond,
      asked: 20_000,
    },
    {
      name: 'form of ten items populated from a Patient',
      ...rate(seconds, [patient], (one) => {
        const { response: filled } = populate(intake, startResponse(intake, subject, now), {
          ...data,
          launch: { patient: one },
        });
        return filled.item?.length ?? 0;
      }),
      rawPerSecond: rate(seconds, [patient], (one) => byHand(one, now).item?.length ?? 0).perSecond,
    },
  ];
}

/** The best of three rounds: other work on the machine can only take from it. */
function rate<T>(
  seconds: number,
  inputs: readonly T[],
  work: (input: T) => number,
): Pick<EngineRow, 'perSecond' | 'cpu_us'> {
  let best = 0;
  let cpu_us = Number.POSITIVE_INFINITY;
  let check = 0;
  for (let round = 0; round < 3; round += 1) {
    const begin = performance.now();
    const cpu = process.cpuUsage();
    let count = 0;
    while (performance.now() - begin < (seconds * 1000) / 3) {
      for (const input of inputs) check += work(input);
      count += inputs.length;
    }
    const { user, system } = process.cpuUsage(cpu);
    cpu_us = Math.min(cpu_us, (user + system) / count);
    best = Math.max(best, count / ((performance.now() - begin) / 1000));
  }
  if (check === 0) throw new Error('nothing was done');
  return { perSecond: best, cpu_us };
}

/** The least that scoring has to do: look at every answer. */
function addUp({ item = [] }: QuestionnaireResponse): number {
  let sum = 1;
  for (const { answer = [] } of item) sum += Number(answer[0]?.valueCoding?.code);
  return sum;
}

/** The least that populating has to do: make the response. */
function byHand({ gender, birthDate }: Patient, authored: Date): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'in-progress',
    authored: authored.toISOString(),
    item: Array.from({ length: 10 }, (_, index) => ({
      linkId: `q${index}`,
      answer: [index % 2 === 0 ? { valueString: gender } : { valueDate: birthDate }],
    })),
  };
}

/** Parsed from JSON as a request is; every question answered. */
function response({ url, version, item = [] }: Questionnaire, seed: number): QuestionnaireResponse {
  const questions = item.filter(({ type }) => type === 'choice');
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

function prefilled(): Questionnaire {
  const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
  return {
    resourceType: 'Questionnaire',
    url: 'https://svar.example.org/fhir/Questionnaire/bench-intake',
    status: 'active',
    extension: [
      {
        url: `${sdc}launchContext`,
        extension: [
          { url: 'name', valueCoding: { code: 'patient' } },
          { url: 'type', valueCode: 'Patient' },
        ],
      },
    ],
    item: Array.from({ length: 10 }, (_, index) => ({
      linkId: `q${index}`,
      type: index % 2 === 0 ? 'string' : 'date',
      extension: [
        {
          url: `${sdc}initialExpression`,
          valueExpression: {
            language: 'text/fhirpath',
            expression: index % 2 === 0 ? '%patient.gender' : '%patient.birthDate',
          },
        },
      ],
    })),
  };
}

/** As the bench prints it. */
export function engineLine({ name, perSecond, cpu_us, rawPerSecond, asked }: EngineRow): string {
  const wanted = asked === undefined ? '' : `  (asked ${asked})`;
  return `${name.padEnd(44)} ${perSecond.toFixed(0).padStart(6)}/s  CPU ${cpu_us.toFixed(1)} µs  bare loop ${rawPerSecond.toFixed(0)}/s: ${((100 * perSecond) / rawPerSecond).toFixed(1)} %${wanted}`;
}

if (import.meta.main) {
  for (const row of formEngine(3)) process.stdout.write(`${engineLine(row)}\n`);
}
