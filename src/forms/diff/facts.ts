import type {
  Element,
  Extension,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
} from '@medplum/fhirtypes';
import { baseLanguage, wordingUrl } from '../text/record.ts';
import { translationUrl } from '../text/translation.ts';

/**
 * What an element of a Questionnaire decides: what may be answered and what the answers mean (substance), how it is
 * asked in words (wording), or how it looks and who keeps it (presentation).
 */
export type Meaning = 'substance' | 'wording' | 'presentation';

/** One thing that a Questionnaire says. */
export interface Fact {
  /** Undefined for what is said of the whole form. */
  readonly linkId: string | undefined;
  /** The element's FHIR name, the url of an extension, or an option's coding. */
  readonly element: string;
  readonly meaning: Meaning;
  readonly value: unknown;
  /** The language of words: BCP 47. */
  readonly language?: string;
}

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What the store says of it, not the form. */
const ofTheStore: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta']);

/** About the form as a resource: none of it changes what an answer means. */
const administration: ReadonlySet<string> = new Set(
  words(`implicitRules language text url version identifier name title status experimental date
    publisher contact description useContext jurisdiction purpose copyright approvalDate lastReviewDate effectivePeriod`),
);

/** Extensions that only change how a form looks or is kept. Any other may change what an answer means. */
const presentation: ReadonlySet<string> = new Set([
  ...words(`questionnaire-itemControl questionnaire-choiceOrientation questionnaire-displayCategory translation
    questionnaire-sliderStepValue questionnaire-supportLink questionnaire-optionPrefix entryFormat designNote
    rendering-style rendering-xhtml rendering-markdown cqf-library`).map((name) => core + name),
  ...words(`shortText columnCount width openLabel collapsible keyboard itemMedia itemAnswerMedia choiceColumn`).map(
    (name) => sdc + name,
  ),
  wordingUrl,
]);

/** Everything that a Questionnaire says, by a key that is the same in another version of it. */
export function factsOf(questionnaire: Questionnaire): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  const base = baseLanguage(questionnaire);
  const add: Add = (linkId, element, meaning, value, language = base) => {
    const fact = { linkId, element, meaning, value };
    facts.set(JSON.stringify([linkId ?? null, element]), meaning === 'wording' ? { ...fact, language } : fact);
  };
  for (const [element, value] of Object.entries(questionnaire)) {
    const name = element.replace(/^_/, '');
    if (name === 'item' || name === 'extension' || ofTheStore.has(name)) continue;
    add(undefined, element, administration.has(name) ? 'presentation' : 'substance', value);
  }
  extensionFacts(add, undefined, '', questionnaire.extension);
  itemFacts(add, questionnaire.item ?? [], null);
  return facts;
}

type Add = (
  linkId: string | undefined,
  element: string,
  meaning: Meaning,
  value: unknown,
  /** Of words; the form's own where not given. */
  language?: string,
) => void;

function itemFacts(add: Add, items: readonly QuestionnaireItem[], parent: string | null): void {
  for (const item of items) {
    const { linkId } = item;
    add(linkId, 'parent', 'substance', parent);
    for (const [element, value] of Object.entries(item)) {
      switch (element) {
        case 'id':
        case 'linkId':
        case 'item':
          break;
        case 'extension':
        case 'modifierExtension':
          extensionFacts(add, linkId, '', value as Extension[]);
          break;
        case 'answerOption':
          (value as QuestionnaireItemAnswerOption[]).forEach((option) => {
            optionFacts(add, linkId, option);
          });
          break;
        case 'text':
          add(linkId, element, 'wording', value);
          break;
        case '_text':
          textFacts(add, linkId, element, value as Element);
          break;
        case 'prefix':
        case '_prefix':
          add(linkId, element, 'presentation', value);
          break;
        default:
          add(linkId, element, 'substance', value);
      }
    }
    itemFacts(add, item.item ?? [], linkId);
  }
}

/** An option is known by what is answered with it; its words and its place among the others are apart from that. */
function optionFacts(add: Add, linkId: string, option: QuestionnaireItemAnswerOption): void {
  const { valueCoding, extension, initialSelected, ...plain } = option;
  const key = valueCoding === undefined ? plain : { system: valueCoding.system, code: valueCoding.code };
  const name = `answerOption ${JSON.stringify(key)}`;
  add(linkId, name, 'substance', initialSelected ?? false);
  extensionFacts(add, linkId, `${name} `, extension);
  if (valueCoding === undefined) return;
  const { system: _system, code: _code, display, extension: inCoding, ...others } = valueCoding;
  if (display !== undefined) add(linkId, `${name} display`, 'wording', display);
  const { _display, ...rest } = others as typeof others & { _display?: Element };
  if (_display !== undefined) textFacts(add, linkId, `${name} display`, _display);
  if (Object.keys(rest).length > 0) add(linkId, `${name} rest`, 'substance', rest);
  extensionFacts(add, linkId, `${name} coding `, inCoding);
}

/** A translation that is there is wording like the text itself; one more is not a change of what was asked. */
function textFacts(add: Add, linkId: string, element: string, text: Element): void {
  for (const extension of text.extension ?? []) {
    if (extension.url !== translationUrl) continue;
    const part = (url: string): Extension | undefined => extension.extension?.find((each) => each.url === url);
    const language = part('lang')?.valueCode ?? '';
    const content = part('content');
    const name = `${element.replace(/^_/, '')} ${language}`;
    add(linkId, name, 'wording', content?.valueString ?? content?.valueMarkdown, language);
  }
}

function extensionFacts(
  add: Add,
  linkId: string | undefined,
  prefix: string,
  extensions: readonly Extension[] | undefined,
): void {
  const byUrl = Map.groupBy(extensions ?? [], (extension) => extension.url);
  for (const [url = '', all] of byUrl) {
    add(linkId, prefix + url, presentation.has(url) ? 'presentation' : 'substance', all);
  }
}
