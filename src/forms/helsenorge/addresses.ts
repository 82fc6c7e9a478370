const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdcBase = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const ehelse = 'http://ehelse.no/fhir/StructureDefinition/';
const helsenorge = 'http://helsenorge.no/fhir/StructureDefinition/';
const own = 'https://svar.example.org/fhir/StructureDefinition/';

/** Extensions of FHIR core and of SDC 4 that have a counterpart in the dialect. */
export const sdc = {
  calculatedExpression: `${sdcBase}calculatedExpression`,
  initialExpression: `${sdcBase}initialExpression`,
  launchContext: `${sdcBase}launchContext`,
  usageMode: `${sdcBase}usageMode`,
  variable: `${core}variable`,
  minValue: `${core}minValue`,
  maxValue: `${core}maxValue`,
  cqfExpression: `${core}cqf-expression`,
  itemWeight: `${core}itemWeight`,
  itemControl: `${core}questionnaire-itemControl`,
  targetConstraint: `${core}targetConstraint`,
  maxSize: `${core}maxSize`,
  mimeType: `${core}mimeType`,
  regex: `${core}regex`,
} as const;

/**
 * Extensions of Helsenorge's dialect ("SDF"), as Refero and Structor name them. `copy` is FHIR core's cqf-expression, which
 * the dialect puts on an item itself, with a string.
 */
export const dialect = {
  calculatedExpression: `${ehelse}sdf-calculatedExpression`,
  copy: `${core}cqf-expression`,
  fhirPath: `${ehelse}sdf-fhirpath`,
  minValue: `${ehelse}sdf-minvalue`,
  maxValue: `${ehelse}sdf-maxvalue`,
  ordinalValue: `${core}ordinalValue`,
  optionReference: `${ehelse}sdf-optionReference`,
  authenticationRequirement: `${ehelse}sdf-authenticationrequirement`,
  endpoint: `${ehelse}sdf-endpoint`,
} as const;

/** Extensions that only carry what import would otherwise lose, or tell what import added, so that export restores it. */
export const kept = {
  /** On an item whose type import changed: what the dialect's item was. */
  item: `${own}helsenorge-item`,
  /** Around an extension that would keep the form from being run here. */
  parked: `${own}helsenorge-parked`,
} as const;

/** `id` of elements that translation added and takes away again. */
export const ADDED = 'helsenorge';

export const itemControl = {
  /** FHIR's code system. */
  sdc: 'http://hl7.org/fhir/questionnaire-item-control',
  /** The value set's address, which the dialect has for a code system. */
  dialect: 'http://hl7.org/fhir/ValueSet/questionnaire-item-control',
} as const;

export const codes = {
  scoringFormulas: 'http://ehelse.no/scoringFormulas',
  renderOptions: 'http://helsenorge.no/fhir/CodeSystem/RenderOptions',
  serviceArea: 'urn:oid:2.16.578.1.12.4.1.1.7618',
} as const;

/** Whether an extension is the dialect's own, known here or not. */
export function isOfDialect(url: string): boolean {
  return /^https?:\/\/(?:ehelse|helsenorge)\.no\//.test(url);
}

export const helsenorgeExtension = (name: string): string => helsenorge + name;
export const ehelseExtension = (name: string): string => ehelse + name;
