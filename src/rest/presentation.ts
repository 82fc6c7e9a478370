import type { Query } from '../interactions/types.ts';
import { fhirError } from '../model/issue.ts';
import { pretty } from '../model/json/pretty.ts';
import { type Keep, selected } from '../model/json/selection.ts';
import { withSubsettedTag } from '../model/json/subsetted.ts';
import type { ViewElements } from './view-elements.ts';

/** What a request says about the form of its answer (FHIR R4 http.html#parameters, search.html#summary). */
export interface Presentation {
  readonly format: string | undefined;
  readonly pretty: boolean;
  readonly summary: 'true' | 'text' | 'data' | 'count' | undefined;
  readonly elements: readonly string[] | undefined;
  /** The parameters that belong in the links of a Bundle. */
  readonly inLinks: Query;
}

const NAMES = new Set(['_format', '_pretty', '_summary', '_elements', '_fields']);
const SUMMARIES = new Set(['true', 'text', 'data', 'count', 'false']);

const plain: Presentation = { format: undefined, pretty: false, summary: undefined, elements: undefined, inLinks: [] };

/** Divides a query into what the answer holds and how it is given. */
export function presentationOf(query: Query): { readonly presentation: Presentation; readonly rest: Query } {
  if (!query.some(([name]) => NAMES.has(name))) {
    return { presentation: plain, rest: query };
  }
  const given = new Map(query.filter(([name, value]) => NAMES.has(name) && value !== ''));
  const summary = given.get('_summary');
  if (summary !== undefined && !SUMMARIES.has(summary)) {
    throw fhirError(400, 'value', '_summary is one of true, text, data, count and false.');
  }
  // `_fields` is Medplum's name for `_elements`.
  const elements = given.get('_elements') ?? given.get('_fields');
  return {
    presentation: {
      format: given.get('_format'),
      pretty: given.get('_pretty') === 'true',
      summary: summary === 'false' ? undefined : (summary as Presentation['summary']),
      elements: elements
        ?.split(',')
        .map((element) => rootElement(element.trim()))
        .filter((element) => element !== ''),
      inLinks: query.filter(([name, value]) => NAMES.has(name) && value !== ''),
    },
    rest: query.filter(([name]) => !NAMES.has(name)),
  };
}

/** Views are chosen by elements at the root (FHIR R4 search.html#elements): `Patient.name.family` and `name` are `name`. */
function rootElement(path: string): string {
  return path.replace(/^[A-Z]\w*\./, '').replace(/\..*$/s, '');
}

/** A stored resource's text as the request wants to see it; the text itself where nothing is to be left out. */
export function presented(text: string, type: string, presentation: Presentation, viewElements: ViewElements): string {
  const keep = keepOf(type, presentation, viewElements);
  return keep === undefined || text === '' ? text : withSubsettedTag(selected(text, keep));
}

/** The whole body's text, indented where that was asked for. */
export function laidOut(text: string, presentation: Presentation): string {
  return presentation.pretty ? pretty(text) : text;
}

const IDENTITY = new Set(['resourceType', 'id', 'meta']);

function keepOf(type: string, presentation: Presentation, viewElements: ViewElements): Keep | undefined {
  const { summary, elements } = presentation;
  if (elements !== undefined) {
    const wanted = new Set(elements);
    const always = viewElements.always(type);
    return (key) => IDENTITY.has(key) || always.has(key) || wanted.has(key) || isChoiceOf(key, wanted);
  }
  if (summary === 'text') {
    const always = viewElements.always(type);
    return (key) => IDENTITY.has(key) || key === 'text' || always.has(key);
  }
  if (summary === 'data') {
    return (key) => key !== 'text';
  }
  if (summary === 'true') {
    const inSummary = viewElements.summary(type);
    return (key) => IDENTITY.has(key) || inSummary(key);
  }
  return undefined;
}

/** The types that an element of choice can have, as its JSON name ends with them (FHIR R4 datatypes.html#open). */
const CHOICE_TYPES = new Set(
  (
    'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time ' +
    'UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance ' +
    'Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail ' +
    'Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta'
  ).split(' '),
);

/** `value` asks for `valueQuantity` and every other form of the choice. */
function isChoiceOf(key: string, wanted: ReadonlySet<string>): boolean {
  for (let at = 1; at < key.length; at += 1) {
    const c = key.charCodeAt(at);
    if (c >= 0x41 && c <= 0x5a && CHOICE_TYPES.has(key.slice(at))) {
      const element = key.slice(0, at);
      return wanted.has(element) || wanted.has(`${element}[x]`);
    }
  }
  return false;
}
