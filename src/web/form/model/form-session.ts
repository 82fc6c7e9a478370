import type { Extension, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { canFindFaults, faultsOf, loadFaults } from '#fault-finder';
import { type FormState, openForm } from '../../../forms/expressions/form-state.ts';
import { compileForm, type Form } from '../../../forms/form.ts';
import type { FormFault, FormLanguage, FormSession, FormSource, FormView, ItemKey, OptionView } from '../contract.ts';
import { begin } from './begin.ts';
import { chosenAnswers } from './chosen-answers.ts';
import { confirmFault, type KnownFault } from './confirmed.ts';
import { type Answers, type Draft, itemAt, itemsOf, NO_ANSWERS, readDraft } from './draft.ts';
import { faultsByKey } from './faults-by-key.ts';
import { Fetched } from './fetched.ts';
import { fillingForm } from './filling-form.ts';
import { findOptions } from './find-options.ts';
import { languagesOf } from './form-texts.ts';
import { formView } from './form-view.ts';
import { ItemFacts } from './item-facts.ts';
import { isWithin, ROOT, rowKey, rowOf } from './item-key.ts';
import { type Views, viewsOf } from './item-views.ts';
import { markSaved, mergeInto, type Unsaved } from './merge.ts';
import { outcomeOf } from './outcome.ts';
import { type Page, pagesOf } from './pages.ts';
import { responseOf } from './response-of.ts';

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
  readonly #draft: Draft;
  readonly #unsaved: Unsaved = { answers: new Set(), rows: new Set() };
  readonly #listeners = new Set<() => void>();
  readonly #fetched: Fetched;
  /** Places whose faults are told, with all that stands in them. */
  readonly #told = new Set<ItemKey>();
  /** What a server did not take. */
  #refused: readonly FormFault[] = [];
  #response: QuestionnaireResponse;
  #facts: ItemFacts;
  #pages: readonly Page[];
  #standing: Standing | undefined;
  /** Of the last views: what has not changed is shown as the same object. */
  #before: { readonly views: Views; readonly view: FormView } | undefined;
  #rowsMade = 0;
  #rowsGivenOut = '';

  constructor(source: FormSource) {
    this.#source = source;
    this.form = compileForm(fillingForm(source.questionnaire));
    this.#fetched = new Fetched(this.form, source);
    const { item: _, ...response } = source.response;
    this.#response = response;
    this.#draft = readDraft(this.form, source.response, this.#nameRow);
    if (source.response.item === undefined) begin(this.#draft, this.form.roots, ROOT, this.#newRow);
    this.#facts = this.#factsIn(source.language);
    this.#pages = pagesOf([...this.form.roots.values()], source.audience, this.#facts);
    this.#rowsGivenOut = this.#rowsNow();
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
    const before = this.#draft.answers.get(key) ?? NO_ANSWERS;
    const chosen = chosenAnswers(this.#facts, item, before, answers);
    if (JSON.stringify(before) === JSON.stringify(chosen)) return;
    if (chosen.length === 0) this.#draft.answers.delete(key);
    else this.#draft.answers.set(key, chosen);
    // what was confirmed was said of the answer that stood here
    this.#draft.rest.delete(key);
    this.#unsaved.answers.add(key);
    this.#refused = this.#refused.filter((fault) => fault.key !== key);
    this.#changed();
  }

  refused(faults: readonly FormFault[]): void {
    if (faults.length === 0 && this.#refused.length === 0) return;
    this.#refused = faults;
    this.#changed(false);
  }

  leave(key: ItemKey): void {
    if (this.#isTold(key)) return;
    this.#told.add(key);
    this.#changed(false);
  }

  addRow(group: ItemKey): void {
    const item = itemAt(this.form, group);
    const rows = this.#draft.rows.get(group) ?? [];
    if (item?.type !== 'group' || !item.repeats || rows.length >= item.constraints.maxOccurs) return;
    const row = this.#newRow();
    this.#draft.rows.set(group, [...rows, row]);
    begin(this.#draft, item.children, rowKey(group, row), this.#newRow);
    this.#unsaved.rows.add(group);
    this.#changed();
  }

  removeRow(row: ItemKey): void {
    const place = rowOf(row);
    const rows = place && this.#draft.rows.get(place.group);
    if (place === undefined || rows === undefined || !rows.includes(place.row)) return;
    this.#draft.rows.set(
      place.group,
      rows.filter((each) => each !== place.row),
    );
    for (const part of [this.#draft.answers, this.#draft.rows, this.#draft.rest]) {
      for (const key of part.keys()) if (isWithin(key, row)) part.delete(key);
    }
    this.#unsaved.rows.add(place.group);
    this.#changed();
  }

  confirm(fault: FormFault): void {
    const known = this.#faultsNow(this.#stand()).find((each) => each.key === fault.key && each.text === fault.text);
    if (known === undefined || known.confirmed || known.severity !== 'warning') return;
    confirmFault(this.#draft, known);
    this.#unsaved.answers.add(known.key);
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
    if (!whole) this.#rowsGivenOut = this.#rowsNow();
    const { items } = outcomeOf(this.#draft, state, { whole, confirmed: true });
    return this.#responseWith(status, items, this.#draft.rest.get(ROOT)?.extension);
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
    mergeInto(this.#draft, readDraft(this.form, response, this.#nameRow), this.#unsaved, (key) => asked.has(key));
    this.#changed();
  }

  saved(response: QuestionnaireResponse): void {
    const { item: _, ...rest } = response;
    this.#response = rest;
    const other = readDraft(this.form, response, this.#nameRow);
    markSaved(this.#draft, other, this.#unsaved, this.#rowsNow() === this.#rowsGivenOut);
  }

  readonly #nameRow = (group: ItemKey, index: number): string =>
    this.#draft?.rows.get(group)?.[index] ?? this.#newRow();

  readonly #newRow = (): string => {
    this.#rowsMade += 1;
    return String(this.#rowsMade);
  };

  #rowsNow(): string {
    return JSON.stringify([...this.#draft.rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #factsIn(language: FormLanguage): ItemFacts {
    return new ItemFacts(this.form, language, (valueSet) => this.#fetched.codings(valueSet));
  }

  #stand(): Standing {
    const extension = this.#draft.rest.get(ROOT)?.extension;
    this.#standing ??= {
      state: openForm(
        this.form,
        {
          ...this.#response,
          ...(extension !== undefined && { extension }),
          status: 'in-progress',
          item: itemsOf(this.#draft, this.form.roots, ROOT),
        },
        this.#fetched.data,
      ),
    };
    return this.#standing;
  }

  #viewsNow(standing: Standing): Views {
    standing.views ??= viewsOf({
      state: standing.state,
      draft: this.#draft,
      facts: this.#facts,
      audience: this.#source.audience,
      faults: this.#toldFaults(standing),
      before: this.#before?.views.all ?? new Map(),
    });
    return standing.views;
  }

  #toldFaults(standing: Standing): ReadonlyMap<ItemKey, readonly FormFault[]> {
    if (this.#told.size === 0 && this.#refused.length === 0) return new Map();
    const found = this.#told.size === 0 ? [] : this.#faultsNow(standing).filter(({ key }) => this.#isTold(key));
    // where the form itself finds the same fault, it is told once
    const others = this.#refused.filter(({ key, rule }) => !found.some((one) => one.key === key && one.rule === rule));
    return faultsByKey([...found, ...others], this.#before?.views.all);
  }

  #faultsNow(standing: Standing): readonly KnownFault[] {
    if (standing.faults === undefined) {
      const outcome = outcomeOf(this.#draft, standing.state, { whole: true, confirmed: false });
      const response = this.#responseWith('completed', outcome.items, undefined);
      standing.faults = faultsOf(this.form, response, outcome, this.#fetched.data, this.#draft, this.#facts);
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

  #isTold(key: ItemKey): boolean {
    return this.#told.has(key) || this.#told.has(ROOT);
  }

  #tell(places: readonly ItemKey[]): void {
    this.#fetchRules();
    const all = places.includes(ROOT)
      ? [ROOT]
      : [...this.#viewsNow(this.#stand()).all.keys()].filter((key) => places.some((place) => isWithin(key, place)));
    if (all.every((key) => this.#isTold(key))) return;
    for (const key of all) this.#told.add(key);
    this.#changed(false);
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
