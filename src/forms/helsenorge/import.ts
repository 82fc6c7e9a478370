import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { FhirError, type Issue } from '../../model/issue.ts';
import { compileForm } from '../form.ts';
import { sdc } from './addresses.ts';
import { withFileLimits, withTotalLimit } from './attachment-limits.ts';
import { asShown } from './explaining-items.ts';
import { withoutFarReferences } from './far-references.ts';
import { controlCodes, controlsWithoutDoubles } from './item-control.ts';
import { withExtensions } from './item-marks.ts';
import { itemTwins, lastPart } from './item-twins.ts';
import { noteCodes, noteControls, noteExtensions } from './not-here.ts';
import { Notes } from './notes.ts';
import { withReferenceOptions } from './option-references.ts';
import { isParked, parked } from './parked.ts';
import { type Place, withVariables } from './place.ts';
import { asksForPatient, PATIENT_CONTEXT } from './prefill.ts';
import { withUsageMode } from './render-options.ts';
import { whyNotRun } from './runs-here.ts';
import { scoreExpressions } from './score-codes.ts';
import { withoutDoubles } from './twins.ts';
import { weightTwin, withExtensionsChanged } from './weights.ts';

export interface Translated {
  readonly questionnaire: Questionnaire;
  readonly issues: readonly Issue[];
}

/**
 * A form in Helsenorge's dialect (made in Structor, for Refero) as an SDC form that runs here. What has no counterpart stays
 * in it, so that exportHelsenorge gives the form back. Issues: information on what stays unused, warnings on what the person
 * who answers would miss here, errors where the form can't be run at all.
 */
export function importHelsenorge(questionnaire: Questionnaire): Translated {
  const notes = new Notes();
  const work = new Import(questionnaire, notes);
  const items = work.items(questionnaire.item, 'Questionnaire', withVariables(new Map(), questionnaire.extension));
  const result = withExtensions(
    { ...withWeights(questionnaire), ...(items !== undefined && { item: items }) },
    withoutFarReferences(questionnaire.extension ?? []),
  );
  const whole = withTotalLimit(work.asksForPatient ? withPatient(result) : result);
  noteExtensions(questionnaire.extension, 'Questionnaire', notes);
  return { questionnaire: whole, issues: [...faults(whole), ...notes.issues] };
}

class Import {
  readonly #questionnaire: Questionnaire;
  readonly #notes: Notes;
  readonly #scores: ReadonlyMap<string, string>;
  asksForPatient = false;

  constructor(questionnaire: Questionnaire, notes: Notes) {
    this.#questionnaire = questionnaire;
    this.#notes = notes;
    this.#scores = scoreExpressions(questionnaire);
  }

  items(
    items: readonly QuestionnaireItem[] | undefined,
    path: string,
    around: Place['variables'],
  ): QuestionnaireItem[] | undefined {
    return items?.map((item, index) => this.#item(item, `${path}.item[${index}]`, around));
  }

  #item(item: QuestionnaireItem, path: string, around: Place['variables']): QuestionnaireItem {
    const variables = withVariables(around, item.extension);
    const extension = this.#extensions({ questionnaire: this.#questionnaire, item, path, variables });
    const inner = this.items(item.item, path, variables);
    const translated = withExtensions({ ...item, ...(inner !== undefined && { item: inner }) }, extension);
    noteExtensions(extension, path, this.#notes);
    noteControls(controlCodes(extension), path, this.#notes);
    noteCodes(item.code, path, this.#notes);
    const { answerOption, ...rest } = withFileLimits(asShown(withUsageMode(withReferenceOptions(translated))));
    return answerOption === undefined ? rest : { ...rest, answerOption: withWeights(answerOption) };
  }

  #extensions(place: Place): Extension[] {
    const { item, path } = place;
    const own = withoutFarReferences((item.extension ?? []).map(parked));
    if (own.some(isParked)) {
      this.#notes.warn(
        'A regular expression with look-around or back-references can not be checked here: any text would be taken.',
        path,
      );
    }
    const translated = itemTwins(place).reduce<Extension[]>(
      (list, twin) =>
        withoutDoubles(list, twin, ({ url }, fault) => this.#notes.warn(`${lastPart(url)} ${fault}.`, path)),
      own,
    );
    this.asksForPatient ||= translated.some((each) => asksForPatient(each) && !own.includes(each));
    return controlsWithoutDoubles([...translated, ...this.#score(place, translated)]);
  }

  /** The score that an item is by its codes, if it is not calculated otherwise. */
  #score({ item: { linkId }, path }: Place, extensions: readonly Extension[]): Extension[] {
    const expression = this.#scores.get(linkId);
    const has = extensions.some(({ url }) => url === sdc.calculatedExpression);
    if (expression === undefined || has) return [];
    const score: Extension = {
      url: sdc.calculatedExpression,
      valueExpression: { language: 'text/fhirpath', expression },
    };
    const fault = whyNotRun(score, []);
    if (fault === undefined) return [score];
    this.#notes.warn(`The score can't be run here (${fault}); it would not be calculated.`, path);
    return [];
  }
}

/** A part of a form (options, contained value sets) with SDC's weights only. */
function withWeights<T extends Questionnaire | QuestionnaireItem['answerOption']>(part: T): T {
  const change = (list: Extension[]): Extension[] => withoutDoubles(list, weightTwin, () => {});
  if (part === undefined || Array.isArray(part)) return withExtensionsChanged(part, change);
  return 'contained' in part ? { ...part, contained: withExtensionsChanged(part.contained, change) } : part;
}

function withPatient(questionnaire: Questionnaire): Questionnaire {
  const extensions = questionnaire.extension ?? [];
  const declared = extensions.some(({ url, extension }) => {
    const name = extension?.find((part) => part.url === 'name');
    return url === sdc.launchContext && (name?.valueCoding?.code ?? name?.valueId) === 'patient';
  });
  return declared ? questionnaire : { ...questionnaire, extension: [...extensions, PATIENT_CONTEXT] };
}

/** Why the form could not be run. */
function faults(questionnaire: Questionnaire): readonly Issue[] {
  try {
    compileForm(questionnaire);
    return [];
  } catch (refusal) {
    if (!(refusal instanceof FhirError)) throw refusal;
    return refusal.issues;
  }
}
