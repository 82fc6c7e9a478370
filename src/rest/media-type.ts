/** A media type without its parameters, in lower case. */
export function mediaType(text: string): string {
  const semicolon = text.indexOf(';');
  return (semicolon < 0 ? text : text.slice(0, semicolon)).trim().toLowerCase();
}

/** Whether it is for another FHIR version than R4, by its parameter `fhirVersion` (FHIR R4 http.html#version-parameter). */
export function isOtherVersion(text: string): boolean {
  const version = /;\s*fhirVersion\s*=\s*"?([^";\s]*)/i.exec(text)?.[1];
  return version !== undefined && !/^4\.0(?:\.\d+)?$/.test(version);
}
