import type { CodeSystem, Coding, ValueSet } from '@medplum/fhirtypes';
import { fhirError } from '../model/issue.ts';
import { type ConceptTexts, conceptTexts, isCalled } from './concept-texts.ts';
import { Expansion } from './expansion.ts';
import type { TerminologyFinder } from './finder.ts';
import { hierarchyOf, isAbstract } from './hierarchy.ts';
import { named } from './named.ts';

/** Whether a code is right (R4 operations ValueSet- and CodeSystem-validate-code). */
export interface CodeValidity {
  readonly result: boolean;
  /** What is wrong, or may be. */
  readonly message?: string;
  /** What the code should be called. */
  readonly display?: string;
}

export interface CodeOptions {
  readonly displayLanguage?: string | undefined;
  /** Whether codes that only group others count; true where not given. */
  readonly abstract?: boolean | undefined;
}

/**
 * Whether a value set has one of the codings, and calls it so where they have a display.
 *
 * @param asked a stored value set by its canonical, or one that is given
 * @throws FhirError 404 for a value set that is not known, 422 for one whose codes cannot be told, 400 for a coding
 *   without code or system
 */
export async function validateInValueSet(
  asked: ValueSet | string,
  codings: readonly Coding[],
  finder: TerminologyFinder,
  options: CodeOptions,
): Promise<CodeValidity> {
  const name = typeof asked === 'string' ? asked : (asked.url ?? 'that was sent');
  const expansion = new Expansion(name, finder, 422);
  const codes = typeof asked === 'string' ? await expansion.codes(asked) : await expansion.codesOf(asked);
  const judged: CodeValidity[] = [];
  for (const coding of codings) {
    const { system, code } = complete(coding);
    const known = await (coding.version === undefined
      ? expansion.usedSystem(system)
      : expansion.system(`${system}|${coding.version}`));
    const concept = known?.hierarchy.concepts.get(code);
    if (codes.get(system)?.has(code) !== true) {
      judged.push(not(`The value set ${named(name)} does not have the code.`));
    } else if (options.abstract === false && isAbstract(concept)) {
      judged.push(not('The code only groups others and is not to be chosen.'));
    } else {
      const texts = conceptTexts(expansion.texts(system, code), concept, known?.codeSystem, options.displayLanguage);
      judged.push(withDisplay(coding.display, texts));
    }
  }
  return best(judged);
}

/**
 * Whether a code system has one of the codings that are of it, and calls it so where they have a display.
 *
 * @throws FhirError 400 for a coding without code
 */
export function validateInCodeSystem(
  codeSystem: CodeSystem,
  codings: readonly Coding[],
  options: CodeOptions,
): CodeValidity {
  const { concepts } = hierarchyOf(codeSystem);
  const url = codeSystem.url ?? '';
  return best(
    codings.map((coding) => {
      const { system, code } = complete({ system: url, ...coding });
      if (system !== url) {
        return not(`The coding is of another code system than ${named(url)}.`);
      }
      const concept = concepts.get(code);
      if (concept === undefined) {
        const part = codeSystem.content === 'complete' ? '' : `, of which only a part is here`;
        return not(`The code is not in the code system ${named(url)}${part}.`);
      }
      if (options.abstract === false && isAbstract(concept)) {
        return not('The code only groups others and is not to be chosen.');
      }
      return withDisplay(coding.display, conceptTexts(undefined, concept, codeSystem, options.displayLanguage));
    }),
  );
}

function complete({ system, code }: Coding): { readonly system: string; readonly code: string } {
  if (code === undefined || system === undefined) {
    throw fhirError(400, 'required', 'A code can only be validated together with its system.');
  }
  return { system, code };
}

function withDisplay(display: string | undefined, texts: ConceptTexts): CodeValidity {
  const right = texts.display === undefined ? {} : { display: texts.display };
  const unknown = texts.display === undefined && texts.designations.length === 0;
  return display === undefined || unknown || isCalled(texts, display)
    ? { result: true, ...right }
    : { result: false, message: 'The code is right, but it is not called by the display that was given.', ...right };
}

function not(message: string): CodeValidity {
  return { result: false, message };
}

/** One valid coding is enough. */
function best(judged: readonly CodeValidity[]): CodeValidity {
  const [first] = judged;
  if (first === undefined) {
    throw fhirError(400, 'required', 'There is no code to validate.');
  }
  return judged.find(({ result }) => result) ?? judged.find(({ display }) => display !== undefined) ?? first;
}
