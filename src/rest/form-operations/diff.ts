import type { Coding, Library, ParametersParameter, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { type Difference, differences } from '../../forms/diff/difference.ts';
import { impactOf, type Measure } from '../../forms/diff/impact.ts';
import { compileForm, type Form } from '../../forms/form.ts';
import { containedValueSet } from '../../forms/options.ts';
import { rulesOf, tableOf, tablesOf } from '../../forms/score/library.ts';
import { compileScorer, type Scorer } from '../../forms/score/scorer.ts';
import type { ScoreTable } from '../../forms/score/table.ts';
import { codingsIn } from '../../interactions/form-value-sets.ts';
import type { Query } from '../../interactions/types.ts';
import { FhirError, fhirError } from '../../model/issue.ts';
import { parametersAnswer } from '../codes/codings.ts';
import { byCanonical, definitionsOf, ofPath } from '../codes/definitions.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { OperationInput } from '../operation-input.ts';

const NAMES = ['from', 'to', 'questionnaire'];
/** Responses that one call measures; it says whether there are more. */
const RESPONSES_MAX = 10_000;
const PAGE = 500;
/** Responses that are named one by one; beyond that they are only counted. */
const TOLD_MAX = 100;
const LIBRARY = 'http://hl7.org/fhir/StructureDefinition/cqf-library';

/**
 * Questionnaire/$diff: what differs between two versions of a form (`from`, or the form of the path, and `to`, or the
 * `questionnaire` itself, stored or not), and which stored responses to the first would be invalid or lose a score under
 * the second. Reads as the caller reads.
 */
export const diff: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, NAMES, { Questionnaire: 'questionnaire' });
  const from = (await ofPath<Questionnaire>(exchange, 'Questionnaire')) ?? (await named(exchange, input, 'from'));
  const to = input.resource<Questionnaire>('questionnaire', 'Questionnaire') ?? (await named(exchange, input, 'to'));
  const [one, other] = [await measure(exchange, from), await measure(exchange, to)];
  const found = await impacts(exchange, one, other);
  return parametersAnswer(exchange, [
    ...differences(from, to).map(differenceParameter),
    { name: 'measured', valueInteger: found.measured },
    { name: 'complete', valueBoolean: found.complete },
    { name: 'invalidCount', valueInteger: found.invalid.count },
    { name: 'unscorableCount', valueInteger: found.unscorable.count },
    ...found.invalid.told,
    ...found.unscorable.told,
  ]);
};

async function named(exchange: Exchange, input: OperationInput, name: 'from' | 'to'): Promise<Questionnaire> {
  const canonical = input.text(name);
  if (canonical === undefined) {
    throw fhirError(400, 'required', `Give '${name}': the url of a Questionnaire, or url|version.`);
  }
  const form = await byCanonical<Questionnaire>(exchange, 'Questionnaire', canonical);
  if (form === undefined) {
    throw fhirError(404, 'not-found', `The Questionnaire of '${name}' is not known here.`);
  }
  return form;
}

async function measure(exchange: Exchange, questionnaire: Questionnaire): Promise<Measure> {
  const form = compileForm(questionnaire);
  const valueSets = new Map<string, readonly Coding[] | undefined>();
  for (const canonical of form.valueSets) {
    const asked = containedValueSet(questionnaire, canonical) ?? canonical;
    valueSets.set(canonical, await codingsIn(definitionsOf(exchange), asked));
  }
  const data = { valueSets: (canonical: string) => valueSets.get(canonical) };
  return { form, data, scorer: await scorerOf(exchange, questionnaire, form, data.valueSets) };
}

/** By the Library that the form names; the version without one has no scores to lose or to keep. */
async function scorerOf(
  exchange: Exchange,
  questionnaire: Questionnaire,
  form: Form,
  valueSets: Measure['data']['valueSets'],
): Promise<Scorer | 'none' | undefined> {
  const canonical = questionnaire.extension?.find(({ url }) => url === LIBRARY)?.valueCanonical;
  const library = canonical === undefined ? undefined : await byCanonical<Library>(exchange, 'Library', canonical);
  const rules = library && rulesOf(library);
  if (rules === undefined) return undefined;
  const tables = new Map<string, ScoreTable>();
  for (const name of tablesOf(rules.scores)) {
    const table = await byCanonical<Library>(exchange, 'Library', name);
    if (table !== undefined) tables.set(name, tableOf(table));
  }
  try {
    return compileScorer(rules, form, { tables, valueSets });
  } catch (refusal) {
    if (refusal instanceof FhirError) return 'none';
    throw refusal;
  }
}

interface Told {
  count: number;
  readonly told: ParametersParameter[];
}

async function impacts(exchange: Exchange, from: Measure, to: Measure) {
  const invalid: Told = { count: 0, told: [] };
  const unscorable: Told = { count: 0, told: [] };
  let measured = 0;
  let after: string | undefined;
  let complete = false;
  while (!complete && measured < RESPONSES_MAX) {
    const page = await responsesTo(exchange, from.form, after);
    for (const response of page.responses) {
      measured += 1;
      const { faults, lostScores } = impactOf(response, from, to);
      tell(invalid, 'invalid', response, faults.length === 0 ? [] : faults.map(({ diagnostics }) => diagnostics));
      tell(unscorable, 'unscorable', response, lostScores);
    }
    after = page.next;
    complete = after === undefined;
  }
  return { measured, complete, invalid, unscorable };
}

function tell(into: Told, name: string, { id }: QuestionnaireResponse, why: readonly (string | undefined)[]): void {
  if (why.length === 0) return;
  into.count += 1;
  if (into.told.length >= TOLD_MAX) return;
  into.told.push({
    name,
    part: [
      { name: 'response', valueReference: { reference: `QuestionnaireResponse/${id}` } },
      ...why.map((text) => ({ name: name === 'invalid' ? 'fault' : 'score', valueString: text ?? '' })),
    ],
  });
}

/** A page of the responses to a version, in the order in which they came. */
async function responsesTo({ caller, context }: Exchange, { url = '', version }: Form, after: string | undefined) {
  const canonical = version === undefined ? url : `${url}|${version}`;
  const query: Query = [
    ['questionnaire', canonical.replace(/[\\,$]/g, '\\$&')],
    ['_count', String(PAGE)],
    ...(after === undefined ? [] : [['_page', after] as const]),
  ];
  const page = await context.interactions.search(caller, 'QuestionnaireResponse', query, { lenient: false });
  return {
    responses: page.matches.map(({ content }) => JSON.parse(content) as QuestionnaireResponse),
    next: page.next,
  };
}

function differenceParameter({ linkId, element, kind, meaning }: Difference): ParametersParameter {
  return {
    name: 'difference',
    part: [
      ...(linkId === undefined ? [] : [{ name: 'linkId', valueString: linkId }]),
      { name: 'element', valueString: element },
      { name: 'kind', valueCode: kind },
      { name: 'meaning', valueCode: meaning },
    ],
  };
}
