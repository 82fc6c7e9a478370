import type { CodeableConcept, Extension, Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { absentText, dataAbsentCode } from './absent-text.ts';
import { tablesOf } from './library.ts';
import type { Aggregate, ScoreRule, Wording } from './rule.ts';
import type { Score } from './score.ts';

const base = 'https://svar.example.org/fhir';
const relatedArtifactUrl = 'http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact';

/** The identifier under which the score of a response is stored once, however often it is computed. */
export function scoreIdentifier(response: QuestionnaireResponse, rule: ScoreRule): { system: string; value: string } {
  return { system: `${base}/sid/score`, value: `${response.id}/${rule.code}` };
}

/**
 * A score as an Observation: derived from the response, in force when that was authored, with the method and the version
 * of the rule, the Library of the rules (`library`, its url) and the tables with their versions. The standard error, what
 * the table was asked with, and the range in which the sources let the value lie are components. Without a value it says why, in words. A response that was entered in error
 * takes its scores with it.
 */
export function scoreObservation(response: QuestionnaireResponse, score: Score, library: string): Observation {
  const { rule, band, absent } = score;
  const basis = (response.basedOn ?? []).filter(isObservationBasis);
  const parts = components(score);
  return {
    resourceType: 'Observation',
    extension: [library, ...(score.tables ?? tablesOf([rule]))].map(dependsOn),
    identifier: [scoreIdentifier(response, rule)],
    ...(basis.length === 0 ? {} : { basedOn: basis }),
    status: observationStatus(response.status),
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }] }],
    code: {
      coding: [
        { system: `${base}/CodeSystem/score`, code: rule.code, display: rule.display.nb },
        ...rule.codings.map((coding) => ({ ...coding })),
      ],
    },
    ...(response.subject?.reference === undefined ? {} : { subject: { reference: response.subject.reference } }),
    ...(response.authored === undefined ? {} : { effectiveDateTime: response.authored }),
    ...valueElement(score),
    ...(absent === undefined
      ? {}
      : {
          dataAbsentReason: concept(absentText(absent), {
            system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
            code: dataAbsentCode(absent),
          }),
        }),
    ...(band === undefined
      ? {}
      : { interpretation: [concept(band.display, { system: `${base}/CodeSystem/score-band`, code: band.code })] }),
    method: {
      coding: [{ system: `${base}/CodeSystem/scoring-method`, code: methodOf(rule), version: rule.version }],
    },
    derivedFrom: [{ reference: `QuestionnaireResponse/${response.id}` }],
    ...(parts.length === 0 ? {} : { component: parts }),
  };
}

/**
 * What of a score Observation depends on answers and rule. Two with the same are the same score: storing the second would
 * only make a version that says nothing new.
 */
export function scoreEssence(observation: Observation): string {
  const { status, effectiveDateTime, subject, basedOn, method, extension, component, interpretation } = observation;
  return JSON.stringify([
    status,
    observation.valueQuantity?.value ?? observation.valueString,
    observation.valueQuantity?.code,
    observation.dataAbsentReason?.text,
    effectiveDateTime,
    subject?.reference,
    basedOn?.map(({ reference }) => reference),
    method?.coding?.map(({ code, version }) => [code, version]),
    extension?.flatMap(({ valueRelatedArtifact }) => valueRelatedArtifact?.resource ?? []),
    component?.map((part) => part.valueQuantity?.value ?? part.valueString),
    interpretation?.map(({ coding }) => coding?.[0]?.code),
  ]);
}

/** How a rule computes, as a code: the aggregate, and what is done with missing answers or by a table. */
export function methodOf({ aggregate, missing, table }: ScoreRule): string {
  if (table !== undefined) return table.kind === 'decrements' ? 'value-set' : 'table';
  return missing.prorate ? 'sum-prorated' : aggregateCodes[aggregate.kind];
}

const aggregateCodes: Readonly<Record<Aggregate['kind'], string>> = {
  sum: 'sum',
  mean: 'mean',
  min: 'minimum',
  max: 'maximum',
  value: 'value',
  percent: 'percent-of-possible',
  count: 'count',
  linear: 'linear',
  state: 'state',
  omeq: 'omeq',
};

function valueElement({ value, rule }: Score): Pick<Observation, 'valueQuantity' | 'valueString'> {
  if (value === undefined) return {};
  return typeof value === 'string' ? { valueString: value } : { valueQuantity: quantity(value, rule.unit) };
}

function components({ raw, error, low, high, rule }: Score): NonNullable<Observation['component']> {
  const code = (part: string): CodeableConcept => ({
    coding: [{ system: `${base}/CodeSystem/score-part`, code: part }],
  });
  return [
    ...(error === undefined ? [] : [{ code: code('standard-error'), valueQuantity: quantity(error, rule.unit) }]),
    ...(raw === undefined
      ? []
      : [
          typeof raw === 'string'
            ? { code: code('state'), valueString: raw }
            : { code: code('raw-score'), valueQuantity: quantity(raw, '{score}') },
        ]),
    ...(low === undefined ? [] : [{ code: code('lowest'), valueQuantity: quantity(low, rule.unit) }]),
    ...(high === undefined ? [] : [{ code: code('highest'), valueQuantity: quantity(high, rule.unit) }]),
  ];
}

function quantity(value: number, code: string): NonNullable<Observation['valueQuantity']> {
  return { value, unit: code, system: 'http://unitsofmeasure.org', code };
}

function dependsOn(resource: string): Extension {
  return { url: relatedArtifactUrl, valueRelatedArtifact: { type: 'depends-on', resource } };
}

function concept({ nb, sv, en }: Wording, coding: { system: string; code: string }): CodeableConcept {
  const translation = (language: string, content: string) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/translation',
    extension: [
      { url: 'lang', valueCode: language },
      { url: 'content', valueString: content },
    ],
  });
  const translated = { _text: { extension: [translation('sv', sv), translation('en', en)] } };
  return { coding: [coding], text: nb, ...translated };
}

function isObservationBasis(reference: { reference?: string }): reference is { reference: string } {
  return /^(ServiceRequest|CarePlan)\//.test(reference.reference ?? '');
}

function observationStatus(status: QuestionnaireResponse['status']): Observation['status'] {
  switch (status) {
    case 'amended':
      return 'amended';
    case 'entered-in-error':
      return 'entered-in-error';
    case 'completed':
      return 'final';
    default:
      return 'preliminary';
  }
}
