import type { Extension, Reference } from '@medplum/fhirtypes';
import { isOfDialect } from './addresses.ts';

/** System of an identifier that is a reference to a resource on Helsenorge's own server. */
const SYSTEM = 'https://svar.example.org/fhir/NamingSystem/helsenorge-reference';

/**
 * Receivers (`Endpoint/1`) are resources on Helsenorge's server; here such a reference would lead to nothing, or to another
 * resource, so it is an identifier.
 */
export function withoutFarReferences(extensions: readonly Extension[]): Extension[] {
  return extensions.map((extension) => {
    const { url, valueReference } = extension;
    const { reference, ...rest } = valueReference ?? {};
    const isFar = isOfDialect(url ?? '') && reference !== undefined && /^[A-Za-z]+\//.test(reference);
    return isFar && rest.identifier === undefined
      ? { ...extension, valueReference: { ...rest, identifier: { system: SYSTEM, value: reference } } }
      : extension;
  });
}

/** With Helsenorge's references again. */
export function withFarReferences(extensions: readonly Extension[]): Extension[] {
  return extensions.map((extension) => {
    const { identifier, ...rest } = extension.valueReference ?? {};
    return identifier?.system === SYSTEM
      ? { ...extension, valueReference: { ...rest, reference: identifier.value } }
      : extension;
  });
}

/** What a reference of the dialect refers to, as Helsenorge writes it. */
export function farReference({ reference, identifier }: Reference): string | undefined {
  return identifier?.system === SYSTEM ? identifier.value : reference;
}
