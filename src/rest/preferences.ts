/** The header Prefer, as FHIR R4 uses it (http.html#ops, search.html#errors). */
export interface Preferences {
  readonly return: 'minimal' | 'representation' | 'OperationOutcome';
  /**
   * Search parameters that the server does not know are ignored and named (lenient), or refused (strict); undefined where
   * the request says neither.
   */
  readonly lenient: boolean | undefined;
}

const defaults: Preferences = { return: 'representation', lenient: undefined };

/** Unknown preferences are ignored (RFC 7240 section 2). */
export function parsePreferences(header: string | undefined): Preferences {
  if (header === undefined || header === '') {
    return defaults;
  }
  let returned = defaults.return;
  let lenient = defaults.lenient;
  for (const preference of header.split(/[,;]/)) {
    const [name, value] = preference.split('=', 2).map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
    if (name === 'return' && (value === 'minimal' || value === 'representation' || value === 'OperationOutcome')) {
      returned = value;
    } else if (name === 'handling') {
      lenient = value === 'lenient' ? true : value === 'strict' ? false : lenient;
    }
  }
  return { return: returned, lenient };
}
