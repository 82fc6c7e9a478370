import type { Extension, PlanDefinition } from '@medplum/fhirtypes';
import { textIn } from '../../forms/text/translation.ts';
import type { ChartLanguage } from '../said.ts';

/** Our extension of a registry's protocol: one line of the self-rating profile. */
export const PROFILE_ENTRY = 'https://svar.example.org/fhir/StructureDefinition/protocol-profile-entry';

/** What a registry wants on its self-rating profile, and how. */
export interface ProfileEntry {
  /** `line`: over time; `level`: a bar, and a mark where it was before; `body-map`: where it hurts. */
  readonly figure: 'line' | 'level' | 'body-map';
  /** Codes of scores; the first that the patient has counts. */
  readonly scores: readonly string[];
  /** Questions whose answers are taken as they are: the form's canonical without version, and the linkId. */
  readonly questions: readonly { readonly form: string; readonly linkId: string }[];
  /** What it is called; a score has a name of its own, which is known with its first value. */
  readonly label: string | undefined;
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly higherIs: 'better' | 'worse' | undefined;
}

/** The lines of a registry's profile, in order; none where it has no profile. What cannot be understood is left out. */
export function profileEntries(plan: PlanDefinition, language: ChartLanguage): ProfileEntry[] {
  return (plan.extension ?? [])
    .filter(({ url }) => url === PROFILE_ENTRY)
    .flatMap((entry) => readEntry(entry, language, plan.language ?? 'nb') ?? []);
}

function readEntry({ extension = [] }: Extension, language: ChartLanguage, base: string): ProfileEntry | undefined {
  const all = (name: string): readonly Extension[] => extension.filter(({ url }) => url === name);
  const [figure] = all('figure').map(({ valueCode }) => valueCode);
  if (figure !== 'line' && figure !== 'level' && figure !== 'body-map') return undefined;
  const [label] = all('label');
  const [range] = all('range').map(({ valueRange }) => valueRange);
  const [min, max] = [range?.low?.value, range?.high?.value];
  const [higherIs] = all('higher-is').map(({ valueCode }) => valueCode);
  return {
    figure,
    scores: all('score').flatMap(({ valueCoding }) => valueCoding?.code ?? []),
    questions: all('question').flatMap(({ valueUri = '' }) => {
      const [form = '', linkId = ''] = valueUri.split('#');
      return form === '' || linkId === '' ? [] : [{ form, linkId }];
    }),
    label: label && (textIn(label, 'valueString', language, base) ?? label.valueString),
    range: min === undefined || max === undefined || min >= max ? undefined : { min, max },
    higherIs: higherIs === 'better' || higherIs === 'worse' ? higherIs : undefined,
  };
}
