import { createHash } from 'node:crypto';
import type { Binary, CodeSystemConcept, Coding } from '@medplum/fhirtypes';
import { compileForm } from '../../forms/form.ts';
import { codingKey, codingsOf } from '../../forms/options.ts';
import { printedForm } from '../../forms/print/printed-form.ts';
import { printStyle } from '../../forms/print/style.ts';
import { withText } from '../../forms/text/translation.ts';
import { codingsIn } from '../../interactions/form-value-sets.ts';
import { fhirError } from '../../model/issue.ts';
import type { TerminologyFinder } from '../../terminology/finder.ts';
import { textAnswer } from '../answer.ts';
import { definitionsOf } from '../codes/definitions.ts';
import type { Endpoint, Exchange } from '../exchange.ts';
import { mediaType } from '../media-type.ts';
import { OperationInput } from '../operation-input.ts';
import { askedQuestionnaire, FORM_NAMES } from './asked-questionnaire.ts';

const HTML = 'text/html; charset=utf-8';
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;
/** The page's own style, and nothing else: no script, image or address. */
const STYLE_HASH = createHash('sha256').update(printStyle.html).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * Questionnaire/[id]/$print and Questionnaire/$print: a blank form as a page to be printed (printedForm). `language` is
 * the page's, else the caller's, else the form's. Whoever asks for text/html first, as browsers do, gets the page itself,
 * others a Binary that holds it.
 */
export const print: Endpoint = async (exchange) => {
  const input = new OperationInput(exchange, [...FORM_NAMES, 'language'], { Questionnaire: 'questionnaire' });
  const questionnaire = await askedQuestionnaire(exchange, input);
  const language = input.text('language') ?? exchange.caller.language ?? questionnaire.language ?? 'en';
  if (!LANGUAGE.test(language)) {
    throw fhirError(400, 'value', 'The language is not a language tag (BCP 47), such as nb, nn, sv or en.');
  }
  const valueSets = new Map<string, readonly Coding[] | undefined>();
  for (const canonical of compileForm(questionnaire).valueSets) {
    valueSets.set(canonical, await shownCodings(definitionsOf(exchange), canonical));
  }
  const page = printedForm(questionnaire, { language, valueSets: (canonical) => valueSets.get(canonical) });
  if (wantsPage(exchange)) {
    const headers = { 'content-type': HTML, 'content-language': language, 'content-security-policy': POLICY };
    return { status: 200, headers, body: page };
  }
  const binary: Binary = { resourceType: 'Binary', contentType: HTML, data: Buffer.from(page).toString('base64') };
  return textAnswer(exchange, JSON.stringify(binary));
};

/** The codings of a value set with their displays, those of the value set first; undefined where it can't be listed. */
async function shownCodings(finder: TerminologyFinder, canonical: string): Promise<readonly Coding[] | undefined> {
  const listed = await codingsIn(finder, canonical);
  const own = codingsOf((await finder.valueSet(canonical)) ?? { resourceType: 'ValueSet', status: 'unknown' }) ?? [];
  const displays = new Map(own.map((coding) => [codingKey(coding.system, coding.code), coding]));
  for (const system of new Set(listed?.flatMap((coding) => coding.system ?? []))) {
    for (const concept of conceptsOf((await finder.codeSystem(system))?.concept)) {
      const key = codingKey(system, concept.code);
      if (displays.get(key)?.display === undefined) displays.set(key, shown(system, concept));
    }
  }
  return listed?.map((coding) => displays.get(codingKey(coding.system, coding.code)) ?? coding);
}

function conceptsOf(concepts: readonly CodeSystemConcept[] | undefined): readonly CodeSystemConcept[] {
  return (concepts ?? []).flatMap((concept) => [concept, ...conceptsOf(concept.concept)]);
}

function shown(system: string, { code, display = code, designation }: CodeSystemConcept): Coding {
  const coding: Coding = { system, code, display };
  return (designation ?? []).reduce(
    (made, { language, value }) =>
      language === undefined ? made : withText(made, 'display', language, '', value ?? ''),
    coding,
  );
}

function wantsPage({ request, presentation }: Exchange): boolean {
  return (
    presentation.format === undefined && mediaType((request.headers.accept ?? '').split(',')[0] ?? '') === 'text/html'
  );
}
