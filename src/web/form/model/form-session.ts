import type { Extension, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { canFindFaults, faultsOf, loadFaults } from '#fault-finder';
import { type FormState, openForm } from '../../../forms/expressions/form-state.ts';
import { compileForm, type Form } from '../../../forms/form.ts';
import type { FormFault, FormLanguage, FormSession, FormSource, FormView, ItemKey, OptionView } from '../contract.ts';
import { Answered } from './answered.ts';
import { chosenAnswers } from './chosen-answers.ts';
import type { KnownFault } from './confirmed.ts';
import { type Answers, itemAt, itemsOf, NO_ANSWERS } from './draft.ts';
import { faultsByKey } from './faults-by-key.ts';
import { Fetched } from './fetched.ts';
import { fillingForm } from './filling-form.ts';
import { findOptions } from './find-options.ts';
import { languagesOf } from './form-texts.ts';
import { formView } from './form-view.ts';
import { ItemFacts } from './item-facts.ts';
import { isWithin, ROOT } from './item-key.ts';
import { type Views, viewsOf } from './item-views.ts';
import { outcomeOf } from './outcome.ts';
import { type Page, pagesOf } from './pages.ts';
import { responseOf } from './response-of.ts';
import { ToldFaults } from './told-faults.ts';

/**
 * Opens a form for filling in. Needs nothing but the language; forms with expressions need `prepareForm` first.
 *
 * @throws FhirError 422 for a form that can not be answered (compileForm)
 */
export function openFormSession(source: FormSource): FormSession {
  return new Session(source);
}

/** What stands now, as far as it was asked for: dropped at every change. */
interface Standing {
  readonly state: FormState;
  faults?: readonly KnownFault[];
  views?: Views;
  view?: FormView;
}

class Session implements FormSession {
  readonly form: Form;
  readonly #source: FormSource;
  readonly #answered: Answered;
  readonly #told = new ToldFaults();
  readonly #listeners = new Set<() => void>();
  readonly #fetched: Fetched;
  #response: QuestionnaireResponse;
  #facts: ItemFacts;
  #pages: readonly Page[];
  #standing: Standing | undefined;
  /** Of the last views: what has not changed is shown as the same object. */
  #before: { readonly views: Views; readonly view: FormView } | undefined;

  constructor(source: FormSource) {
    this.#source = source;
    this.form = compileForm(fillingForm(source.questionnaire));
    this.#fetched = new Fetched(this.form, source);
    const { item: _, ...response } = source.response;
    this.#response = response;
    this.#answered = new Answered(this.form, source.response);
    this.#facts = this.#factsIn(source.language);
    this.#pages = pagesOf([...this.form.roots.values()], source.audience, this.#facts);
    this.#fetchRules();
    this.#fetchLists();
    this.#fetchQueries();
  }

  current(): FormView {
    const standing = this.#stand();
    standing.view ??= this.#show(this.#viewsNow(standing));
    return standing.view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  answer(key: ItemKey, answers: Answers): void {
    const item = itemAt(this.form, key);
    if (item === undefined || item.readOnly || item.type === 'group' || item.type === 'display') return;
    const before = this.#answered.draft.answers.get(key) ?? NO_ANSWERS;
    const chosen = chosenAnswers(this.#facts, item, before, answers);
    if (JSON.stringify(before) === JSON.stringify(chosen)) return;
    this.#answered.answer(key, chosen);
    this.#told.answered(key);
    this.#changed();
  }

  refused(faults: readonly FormFault[]): void {
    if (this.#told.refuse(faults)) this.#changed(false);
  }

  leave(key: ItemKey): void {
    if (this.#told.tell([key])) this.#changed(false);
  }

  addRow(group: ItemKey): void {
    if (this.#answered.addRow(group)) this.#changed();
  }

  removeRow(row: ItemKey): void {
    if (this.#answered.removeRow(row)) this.#changed();
  }

  confirm(fault: FormFault): void {
    const known = this.#faultsNow(this.#stand()).find((each) => each.key === fault.key && each.text === fault.text);
    if (known === undefined || known.confirmed || known.severity !== 'warning') return;
    const { answers } = outcomeOf(this.#answered.draft, this.#stand().state, { whole: true, confirmed: true });
    this.#answered.confirm(known, answers.get(known.key) ?? NO_ANSWERS);
    this.#changed();
  }

  setLanguage(language: FormLanguage): void {
    if (language === this.#facts.language) return;
    this.#facts = this.#factsIn(language);
    this.#changed(false);
  }

  async find(key: ItemKey, text: string): Promise<readonly OptionView[]> {
    const standing = this.#stand();
    const { all, places } = this.#viewsNow(standing);
    const [view, place] = [all.get(key), places.get(key)];
    if (view === undefined || place === undefined) return [];
    return findOptions(view, place, text, standing.state, this.#facts, this.#source);
  }

  response(status: 'in-progress' | 'completed' | 'amended'): QuestionnaireResponse {
    const { state } = this.#stand();
    const whole = status !== 'in-progress';
    const { draft } = this.#answered;
    if (!whole) this.#answered.giveOut();
    const { items } = outcomeOf(draft, state, { whole, confirmed: true });
    return this.#responseWith(status, items, draft.rest.get(ROOT)?.extension);
  }

  check(): readonly FormFault[] {
    this.#tell([ROOT]);
    return this.#faultsNow(this.#stand()).filter(({ confirmed }) => !confirmed);
  }

  checkPage(page: ItemKey): readonly FormFault[] {
    const keys =
      this.current()
        .pages.find((each) => each.key === page)
        ?.items.map(({ key }) => key) ?? [];
    this.#tell(keys);
    return this.#faultsNow(this.#stand()).filter(
      ({ key, confirmed }) => !confirmed && keys.some((each) => isWithin(key, each)),
    );
  }

  take(response: QuestionnaireResponse): void {
    const asked = this.#viewsNow(this.#stand()).all;
    const { item: _, ...rest } = response;
    this.#response = rest;
    this.#answered.take(response, (key) => asked.has(key));
    this.#changed();
  }

  saved(response: QuestionnaireResponse): void {
    const { item: _, ...rest } = response;
    this.#response = rest;
    this.#answered.saved(response);
  }

  #factsIn(language: FormLanguage): ItemFacts {
    return new ItemFacts(this.form, language, (valueSet) => this.#fetched.codings(valueSet));
  }

  #stand(): Standing {
    const { draft } = this.#answered;
    const extension = draft.rest.get(ROOT)?.extension;
    this.#standing ??= {
      state: openForm(
        this.form,
        {
          ...this.#response,
          ...(extension !== undefined && { extension }),
          status: 'in-progress',
          item: itemsOf(draft, this.form.roots, ROOT),
        },
        this.#fetched.data,
      ),
    };
    return this.#standing;
  }

  #viewsNow(standing: Standing): Views {
    standing.views ??= viewsOf({
      state: standing.state,
      draft: this.#answered.draft,
      facts: this.#facts,
      audience: this.#source.audience,
      faults: this.#toldFaults(standing),
      before: this.#before?.views.all ?? new Map(),
    });
    return standing.views;
  }

  #toldFaults(standing: Standing): ReadonlyMap<ItemKey, readonly FormFault[]> {
    return faultsByKey(
      this.#told.among(() => this.#faultsNow(standing)),
      this.#before?.views.all,
    );
  }

  #faultsNow(standing: Standing): readonly KnownFault[] {
    if (standing.faults === undefined) {
      const { draft } = this.#answered;
      const outcome = outcomeOf(draft, standing.state, { whole: true, confirmed: false });
      const response = this.#responseWith('completed', outcome.items, undefined);
      standing.faults = faultsOf(this.form, response, outcome, this.#fetched.data, draft, this.#facts);
    }
    return standing.faults;
  }

  #responseWith(
    status: 'in-progress' | 'completed' | 'amended',
    items: readonly QuestionnaireResponseItem[],
    extension: readonly Extension[] | undefined,
  ): QuestionnaireResponse {
    const { language } = this.#facts;
    return responseOf(this.form, this.#response, { status, items, extension, language, now: this.#source.now });
  }

  #show(views: Views): FormView {
    const { source } = this.form;
    const before = this.#before?.view;
    const view = formView(
      {
        title: this.#facts.words(source, 'title') || (source.name ?? ''),
        language: this.#facts.language,
        languages: before?.languages ?? languagesOf(source),
      },
      this.#pages,
      views.all,
      before,
    );
    this.#before = { views, view };
    return view;
  }

  #tell(places: readonly ItemKey[]): void {
    this.#fetchRules();
    const all = places.includes(ROOT)
      ? [ROOT]
      : [...this.#viewsNow(this.#stand()).all.keys()].filter((key) => places.some((place) => isWithin(key, place)));
    if (this.#told.tell(all)) this.#changed(false);
  }

  /** @param answered whether what stands is another; else only how it is told */
  #changed(answered = true): void {
    if (answered) {
      this.#standing = undefined;
      this.#fetchQueries();
    } else if (this.#standing !== undefined) {
      this.#standing = { state: this.#standing.state };
    }
    for (const listener of this.#listeners) listener();
  }

  /** What finds faults, where that is not here yet; what is to be told is told as soon as it is. */
  #fetchRules(): void {
    if (canFindFaults()) return;
    loadFaults().then(
      () => this.#changed(false),
      // without net: asked for again when something is checked; till then the server alone tells
      () => undefined,
    );
  }

  #fetchLists(): void {
    this.#fetched.fetchLists(() => {
      this.#facts = this.#factsIn(this.#facts.language);
      this.#pages = pagesOf([...this.form.roots.values()], this.#source.audience, this.#facts);
      this.#changed(false);
    });
  }

  #fetchQueries(): void {
    this.#fetched.fetchQueries(
      () => this.#stand().state.response,
      () => {
        this.#standing = undefined;
        this.#changed(false);
      },
    );
  }
}
