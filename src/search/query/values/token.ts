import { codeForm, noSystemForm, ofTypeForm, systemCodeForm, systemForm } from '../../keys.ts';
import type { SearchParameterDef } from '../../parameters.ts';
import { badValue } from '../refusals.ts';
import { split, unescaped } from '../split.ts';

/**
 * The form of a token: `code`, `system|code`, `|code` (no system), `system|` (R4 §3.1.1.4.10). Elements of type code are
 * kept without the system that their binding implies, so asking with that system asks for the code alone.
 */
export function tokenForm(param: SearchParameterDef, value: string): string {
  const parts = split(value, '|').map(unescaped);
  const [first = '', second] = parts;
  if (parts.length > 2) {
    throw badValue(param.code, 'expected code, system|code, |code or system|');
  }
  if (second === undefined) {
    return codeForm(first);
  }
  if (first === '') {
    if (second === '') {
      throw badValue(param.code, 'expected code, system|code, |code or system|');
    }
    return noSystemForm(second);
  }
  if (second === '') {
    return systemForm(first);
  }
  return param.impliedSystem === first ? codeForm(second) : systemCodeForm(first, second);
}

/** Whether a token form asks for any code of a system. */
export function namesSystemOnly(form: string): boolean {
  return form.startsWith('|') && form.endsWith('|');
}

/** `identifier:of-type=system|code|value`: an identifier by its type. */
export function identifierOfTypeForm(param: SearchParameterDef, value: string): string {
  const [system, code, of, ...more] = split(value, '|').map(unescaped);
  if (!system || !code || !of || more.length > 0) {
    throw badValue(param.code, 'expected system|code|value with :of-type');
  }
  return ofTypeForm(system, code, of);
}
