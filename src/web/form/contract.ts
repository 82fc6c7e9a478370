import type {
  Coding,
  Questionnaire,
  QuestionnaireResponse,
  QuestionnaireResponseItemAnswer,
  Resource,
} from '@medplum/fhirtypes';
import type { Form, FormItem } from '../../forms/form.ts';
import type { Control } from './model/control.ts';

/**
 * One form that is being filled in: what the apps and the renderer's views agree on. `openFormSession` in
 * model/form-session.ts makes one; views/ shows it; the apps keep what it yields. Pure: no network, no storage, no DOM.
 *
 * Apps await `prepareForm(questionnaire)` of model/prepare-form.ts first: it fetches FHIRPath and units for the forms that need
 * them, and nothing for the others. Without it, openFormSession throws for a form with expressions, in a browser.
 */

/** Languages of the apps. `se` is Northern Sami: where a form has texts in it. */
export type FormLanguage = 'nb' | 'nn' | 'sv' | 'en' | 'se';

/** What a form is filled in with. */
export interface FormSource {
  readonly questionnaire: Questionnaire;
  /** What was answered so far; a response without items where nothing was. Its id, basedOn, subject and so on are kept. */
  readonly response: QuestionnaireResponse;
  readonly language: FormLanguage;
  readonly now: () => Date;
  /** IANA name, whose day is today() and the default of dates. */
  readonly timeZone: string;
  /** Whether internal items (our extension questionnaire-internal) are shown: staff see them, patients do not. */
  readonly audience: 'patient' | 'staff';
  /** Resources by name of the form's launch contexts. */
  readonly launchContext?: Readonly<Record<string, Resource>>;
  /** The options of a value set that the form does not hold itself, those that match a text; none found: an empty list. */
  readonly expand?: (valueSet: string, text: string) => Promise<readonly Coding[]>;
  /** The resources that a question of type reference may name, those that match a text. */
  readonly findResources?: (item: FormItem, text: string) => Promise<readonly Resource[]>;
  /**
   * Answers a FHIR query that the form's own expressions ask (variables, lists to pick from), relative to the FHIR base and
   * with its placeholders filled in: see wantedQueries in src/forms. Without it, or where it fails, what hangs on the answer
   * is left to the server.
   */
  readonly query?: (query: string) => Promise<Resource>;
}

/** Where a question stands: the occurrence of each repeating group around it. Equal keys are the same place. */
export type ItemKey = string;

/** One enabled item of the form as it stands now; a new object only where something about it has changed. */
export interface ItemView {
  readonly key: ItemKey;
  readonly item: FormItem;
  /** Text in the session's language, with its prefix; markdown and xhtml are not interpreted. */
  readonly text: string;
  readonly help: string | undefined;
  /** How it is to be shown, from SDC's item control and what is asked: a closed list, see Control in model/control.ts. */
  readonly control: Control;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** What is answered, calculated answers included. */
  readonly answers: readonly QuestionnaireResponseItemAnswer[];
  readonly options: readonly OptionView[];
  /** What is wrong with it, as far as it is to be told now: after leaving the question, or after a check. */
  readonly faults: readonly FormFault[];
  /** Enabled items inside, in order; for a repeating group those of all its rows, by row. */
  readonly children: readonly ItemView[];
  readonly rows?: readonly RowView[];
}

export interface RowView {
  readonly key: ItemKey;
  readonly children: readonly ItemView[];
}

export interface OptionView {
  readonly key: string;
  readonly text: string;
  readonly answer: QuestionnaireResponseItemAnswer;
  readonly exclusive: boolean;
  readonly selected: boolean;
}

/** Something that has to be mended (`error`), or confirmed (`warning`), before the form can be sent. */
export interface FormFault {
  readonly key: ItemKey;
  readonly linkId: string;
  readonly severity: 'error' | 'warning';
  /** For the person, in the session's language, with the question's name where it stands alone. */
  readonly text: string;
  readonly rule: string;
  /** A warning that the person has confirmed does not stop the form. */
  readonly confirmed: boolean;
}

/** What is on screen together. */
export interface PageView {
  readonly key: ItemKey;
  readonly title: string;
  readonly items: readonly ItemView[];
}

/** The form as it stands at one moment. */
export interface FormView {
  readonly title: string;
  readonly language: FormLanguage;
  /** Languages in which the form has texts. */
  readonly languages: readonly FormLanguage[];
  /** At least one; pages without an enabled item are left out. */
  readonly pages: readonly PageView[];
  /** Of what is enabled and asked of the person. */
  readonly progress: { readonly answered: number; readonly asked: number };
}

export interface FormSession {
  readonly form: Form;
  /** The same object until something changes: for React's useSyncExternalStore. */
  current(): FormView;
  subscribe(listener: () => void): () => void;
  /** Replaces what is answered to a question; [] takes the answer away. Answers to what is not asked any more are kept aside. */
  answer(key: ItemKey, answers: readonly QuestionnaireResponseItemAnswer[]): void;
  /** The person has left a question: from now on its faults are told. */
  leave(key: ItemKey): void;
  /**
   * The options of a question whose list is elsewhere, a value set or resources to refer to, that match a text; none where
   * nothing matches or nobody is there to ask. For lists that are typed into: `ItemView.options` holds those that are shown.
   */
  find(key: ItemKey, text: string): Promise<readonly OptionView[]>;
  addRow(group: ItemKey): void;
  removeRow(row: ItemKey): void;
  /** The person says that an unusual answer is right; it is kept in the response (our extension confirmed-warning). */
  confirm(fault: FormFault): void;
  setLanguage(language: FormLanguage): void;
  /**
   * The response as it stands: without answers to what is not asked, with calculated ones, and the language in which it was
   * answered. `completed` also sets `authored`.
   */
  response(status: 'in-progress' | 'completed' | 'amended'): QuestionnaireResponse;
  /**
   * All that stops the form from being sent, by the same validation as the server's; from now on all faults are told. In a
   * browser the rules come when the session has been opened, a file of 10 kB: till then nothing is found, and the server tells.
   */
  check(): readonly FormFault[];
  /** As check, of one page: nothing of later pages is told. */
  checkPage(page: ItemKey): readonly FormFault[];
  /**
   * Takes over what came from elsewhere (another device). Questions that were answered here since the last take or save
   * keep their answers.
   */
  take(response: QuestionnaireResponse): void;
  /** What a server did not take, told at the questions until they are answered anew; [] takes back what was told. */
  refused(faults: readonly FormFault[]): void;
  /** What is answered here is saved elsewhere as of this response: later takes may replace it. */
  saved(response: QuestionnaireResponse): void;
}
