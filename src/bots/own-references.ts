/**
 * JSON text with every `Reference.reference` to this server made relative: bots compare references as they are written,
 * and a client may write `https://<this server>/fhir/R4/Patient/1` for `Patient/1` (R4, References: both are the same).
 *
 * @param baseUrl absolute, without a slash at its end
 */
export function withRelativeReferences(json: string, baseUrl: string): string {
  if (!absolute(baseUrl).test(json)) {
    return json;
  }
  const own = `${baseUrl}/`;
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) =>
      name === 'reference' && typeof value === 'string' && value.startsWith(own) ? value.slice(own.length) : value,
    ),
  );
}

const patterns = new Map<string, RegExp>();

/** Finds the few texts that are worth parsing. Some clients write \/ for a slash. */
function absolute(baseUrl: string): RegExp {
  let pattern = patterns.get(baseUrl);
  if (pattern === undefined) {
    const written = [baseUrl, baseUrl.replaceAll('/', '\\/')].map((text) => RegExp.escape(text)).join('|');
    pattern = new RegExp(`"reference"\\s*:\\s*"(?:${written})\\\\?/`);
    patterns.set(baseUrl, pattern);
  }
  return pattern;
}
