import type { TypedValue } from '../../fhirpath/fhirpath.ts';
import { isPrimitiveType, primitiveForms } from '../../model/r4/primitive-forms.ts';
import { isResourceType } from '../../model/resource-types.ts';
import { textMember } from '../answers.ts';

const TEXT = ['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical', 'oid', 'uuid'];
const QUANTITIES = ['Quantity', 'Age', 'Distance', 'Duration', 'Count'];

/** What a value of a type may become where an element does not take that type, the likeliest first. */
const becomes: Readonly<Record<string, readonly string[]>> = {
  Coding: ['CodeableConcept', 'code', 'string', 'markdown'],
  CodeableConcept: ['string', 'markdown'],
  boolean: ['string'],
  integer: ['decimal', 'positiveInt', 'unsignedInt', 'Quantity', 'string'],
  decimal: ['Quantity', 'integer', 'positiveInt', 'unsignedInt', 'string'],
  date: ['dateTime', 'string'],
  dateTime: ['instant', 'date', 'string'],
  instant: ['dateTime', 'date', 'string'],
  time: ['string'],
  base64Binary: ['string'],
};
const ofText = [...TEXT, 'dateTime', 'date', 'instant', 'time', 'Reference', 'CodeableConcept', 'Annotation'];

/**
 * A value as an element takes it that is of one of `types`: as it is where its type is one of them, else converted where
 * nothing is invented: a Coding to a CodeableConcept, its code or its text, a number to a Quantity without unit, a text to
 * the reference of a Reference, a resource to a Reference to it. Undefined where it does not fit.
 */
export function fitted({ type, value }: TypedValue, types: readonly string[]): TypedValue | undefined {
  const own = fhirType(type);
  for (const each of [own, ...mayBecome(own)]) {
    const made = types.includes(each) ? converted(each, own, value) : undefined;
    if (made !== undefined && suits(each, made)) {
      return { type: each, value: made };
    }
  }
  return undefined;
}

/** FHIRPath's own types by the names that FHIR has for them. */
function fhirType(type: string): string {
  if (!type.startsWith('System.')) {
    return type;
  }
  const name = type.slice('System.'.length);
  return name === 'Quantity' ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

function mayBecome(type: string): readonly string[] {
  if (TEXT.includes(type)) {
    return ofText;
  }
  // Age, Duration and the like are quantities under names of their own.
  return becomes[type] ?? (QUANTITIES.includes(type) ? QUANTITIES : isResourceType(type) ? ['Reference'] : []);
}

function suits(type: string, value: unknown): boolean {
  return isPrimitiveType(type) ? primitiveForms[type](value) : typeof value === 'object' && value !== null;
}

function converted(to: string, from: string, value: unknown): unknown {
  if (to === from) {
    return value;
  }
  if (typeof value === 'object') {
    return fromComplex(to, from, value);
  }
  switch (to) {
    case 'CodeableConcept':
    case 'Annotation':
      return { text: value };
    case 'Reference':
      return { reference: value };
    case 'Quantity':
      return { value };
    case 'date':
      // The day of a point in time, as it is written.
      return typeof value === 'string' ? value.replace(/T.*$/, '') : undefined;
    case 'string':
    case 'markdown':
      return String(value);
    default:
      return value;
  }
}

function fromComplex(to: string, from: string, value: unknown): unknown {
  if (to === 'Reference') {
    const id = textMember(value, 'id');
    return id === undefined ? undefined : { reference: `${from}/${id}` };
  }
  if (from === 'Coding') {
    switch (to) {
      case 'CodeableConcept':
        return { coding: [value] };
      case 'code':
        return textMember(value, 'code');
      default:
        return textMember(value, 'display') ?? textMember(value, 'code');
    }
  }
  return from === 'CodeableConcept' ? textMember(value, 'text') : value;
}
