/** R4 begins the names of its types with a capital letter, those of its other profiles (vitalsigns) with a small one. */
const OF_TYPE =
  /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/(?!Resource\b|DomainResource\b)([A-Z][A-Za-z]+)(?:\|.*)?$/;

/**
 * The resource type that a profile of R4 itself stands for; undefined for other profiles, and for those of any resource. Told by
 * the name, as browsers read forms too and have no list of R4's types.
 */
export function typeOfCoreProfile(canonical: string): string | undefined {
  return OF_TYPE.exec(canonical)?.[1];
}
