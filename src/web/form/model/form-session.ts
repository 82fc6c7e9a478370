import type { Coding, Extension, QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { canFindFaults, faultsOf, loadFaults } from '#fault-finder';
import { answerValue } from '../../../forms/answers.ts';
import type { FormData } from '../../../forms/expressions/data.ts';
import { type FormState, openForm } from '../../../forms/expressions/form-state.ts';
import { wantedQueries } from '../../../forms/expressions/wanted-queries.ts';
import { compileForm, type Form, type FormItem } from '../../../forms/form.ts';
import { initialAnswers } from '../../../forms/populate/initial-answers.ts';
import type {
  FormFault,
  FormLanguage,
  FormSession,
  FormSource,
  FormView,
  ItemKey,
  ItemView,
  OptionView,
  PageView,
} from '../contract.ts';
import { confirmFault, type KnownFault } from './confirmed.ts';
import { LISTED_MAX } from './control.ts';
import { type Answers, type Draft, itemAt, itemsOf, NO_ANSWERS, readDraft } from './draft.ts';
import { fillingForm } from './filling-form.ts';
import { languagesOf } from './form-texts.ts';
import { ItemFacts, isConcealed } from './item-facts.ts';
import { isWithin, itemKey, ROOT, rowKey, rowOf } from './item-key.ts';
import { list, type Views, viewsOf } from './item-views.ts';
import { markSaved, mergeInto, type Unsaved } from './merge.ts';
import { outcomeOf } from './outcome.ts';
import { type Page, pagesOf, pageViews } from './pages.ts';

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

/** Steps in which a query may need another's answer. */
const FETCHES_MAX = 8;

class Session implements FormSession {
  readonly form: Form;
  readonly #source: FormSource;
  readonly #draft: Draft;
  readonly #unsaved: Unsaved = { answers: new Set(), rows: new Set() };
  readonly #listeners = new Set<() => void>();
  readonly #codings = new Map<string, readonly Coding[]>();
  readonly #fetched = new Map<string, unknown>();
  /** Places whose faults are told, with all that stands in them. */
  readonly #told = new Set<ItemKey>();
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
    const { item: _, ...response } = source.response;
    this.#response = response;
    this.#draft = readDraft(this.form, source.response, this.#nameRow);
    if (source.response.item === undefined) this.#begin();
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
    const given = answers.filter((answer) => isTold(answer)).map(({ item: _, ...answer }) => answer);
    const before = this.#draft.answers.get(key) ?? NO_ANSWERS;
    const chosen = item.repeats ? this.#withoutExcluded(item, before, given) : given.slice(-1);
    if (JSON.stringify(before) === JSON.stringify(chosen)) return;
    if (chosen.length === 0) this.#draft.answers.delete(key);
    else this.#draft.answers.set(key, chosen);
    // what was confirmed was said of the answer that stood here
    this.#draft.rest.delete(key);
    this.#unsaved.answers.add(key);
    this.#changed();
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
    this.#beginIn(item.children, rowKey(group, row));
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
    const item = itemAt(this.form, key);
    if (item === undefined) return [];
    const { state } = this.#stand();
    const view = this.#viewsNow(this.#stand()).all.get(key);
    const selected = new Set(view?.answers.map((answer) => this.#facts.offer(answer).key));
    const offered = (offers: readonly Omit<OptionView, 'selected'>[]): readonly OptionView[] =>
      offers.map((offer) => ({ ...offer, selected: selected.has(offer.key) }));
    const wanted = text.trim().toLowerCase();
    const matching = (offers: readonly Omit<OptionView, 'selected'>[]): readonly OptionView[] =>
      offered(offers.filter((offer) => offer.text.toLowerCase().includes(wanted)));
    const { candidates, answers, elements } = item.expressions;
    if (candidates !== undefined || answers !== undefined) return matching(view?.options ?? []);
    if (item.type === 'reference') {
      const found = (await this.#source.findResources?.(item, text)) ?? [];
      return offered(found.map((resource) => this.#facts.offer({ valueReference: referenceTo(resource) })));
    }
    const place = this.#viewsNow(this.#stand()).places.get(key);
    const named = elements.get('answerValueSet');
    const made = named && place && state.evaluate(named, place.inside(item))[0]?.value;
    const valueSet = named === undefined ? item.valueSet : typeof made === 'string' ? made : undefined;
    const listed = this.#facts.offers(item);
    // a short list is known as a whole; of a long one only the beginning may have come
    if (listed !== undefined && listed.length <= LISTED_MAX) return matching(listed);
    if (valueSet === undefined) return matching(listed ?? []);
    const found = (await this.#source.expand?.(valueSet, text)) ?? [];
    return offered(found.map((coding) => this.#facts.offer({ valueCoding: coding })));
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

  /** What the form begins with: `initial`, and the rows that a repeating group must have. */
  #begin(): void {
    this.#beginIn(this.form.roots, ROOT);
  }

  #beginIn(level: ReadonlyMap<string, FormItem>, container: ItemKey): void {
    for (const item of level.values()) {
      const key = itemKey(container, item.linkId);
      if (item.type === 'group' && item.repeats) {
        const count = Math.max(item.constraints.minOccurs, item.required ? 1 : 0);
        const rows = Array.from({ length: count }, () => this.#newRow());
        if (count > 0) this.#draft.rows.set(key, rows);
        for (const row of rows) this.#beginIn(item.children, rowKey(key, row));
      } else if (item.type === 'group') {
        this.#beginIn(item.children, key);
      } else if (item.expressions.calculated === undefined) {
        const answers = initialAnswers(item);
        if (answers.length > 0) this.#draft.answers.set(key, answers);
      }
    }
  }

  readonly #nameRow = (group: ItemKey, index: number): string =>
    this.#draft?.rows.get(group)?.[index] ?? this.#newRow();

  #newRow(): string {
    this.#rowsMade += 1;
    return String(this.#rowsMade);
  }

  #rowsNow(): string {
    return JSON.stringify([...this.#draft.rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** An option that excludes all others takes their place, and they take its place. */
  #withoutExcluded(item: FormItem, before: Answers, answers: Answers): Answers {
    const isExclusive = (answer: Answers[number]): boolean => {
      const { key } = this.#facts.offer(answer);
      return this.#facts.offers(item)?.some((offer) => offer.key === key && offer.exclusive) ?? false;
    };
    const had = new Set(before.map((answer) => this.#facts.offer(answer).key));
    const added = answers.filter((answer) => !had.has(this.#facts.offer(answer).key));
    const alone = added.findLast(isExclusive);
    if (alone !== undefined) return [alone];
    return added.length === 0 ? answers : answers.filter((answer) => !isExclusive(answer));
  }

  #factsIn(language: FormLanguage): ItemFacts {
    return new ItemFacts(this.form, language, (valueSet) => this.#codings.get(valueSet));
  }

  #data(): FormData {
    const { now, timeZone, launchContext } = this.#source;
    return { now: now(), timeZone, launch: launchContext ?? {}, queries: (query) => this.#fetched.get(query) };
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
        this.#data(),
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
    if (this.#told.size === 0) return new Map();
    const told = Map.groupBy(
      this.#faultsNow(standing).filter(({ key }) => this.#isTold(key)),
      ({ key }) => key,
    );
    const before = this.#before?.views.all;
    return new Map(
      [...told].map(([key, faults]) => [
        key,
        list<FormFault>(before?.get(key)?.faults, faults, (a, b) => JSON.stringify(a) === JSON.stringify(b)),
      ]),
    );
  }

  #faultsNow(standing: Standing): readonly KnownFault[] {
    if (standing.faults === undefined) {
      const outcome = outcomeOf(this.#draft, standing.state, { whole: true, confirmed: false });
      const response = this.#responseWith('completed', outcome.items, undefined);
      standing.faults = faultsOf(this.form, response, outcome, this.#data(), this.#draft, this.#facts);
    }
    return standing.faults;
  }

  #responseWith(
    status: 'in-progress' | 'completed' | 'amended',
    items: readonly QuestionnaireResponseItem[],
    extension: readonly Extension[] | undefined,
  ): QuestionnaireResponse {
    const { url, version } = this.form;
    const named = url === undefined ? {} : { questionnaire: version === undefined ? url : `${url}|${version}` };
    const { extension: _, ...own } = this.#response;
    const { authored = undefined } = status === 'completed' ? {} : own;
    return {
      ...named,
      ...own,
      ...(extension !== undefined && extension.length > 0 && { extension: [...extension] }),
      language: this.#facts.language,
      status,
      ...(status !== 'in-progress' && { authored: authored ?? this.#source.now().toISOString() }),
      ...(items.length > 0 && { item: [...items] }),
    };
  }

  #show(views: Views): FormView {
    const { source } = this.form;
    const title = this.#facts.words(source, 'title') || (source.name ?? '');
    const { language } = this.#facts;
    const before = this.#before?.view;
    const pages = list<PageView>(
      before?.pages,
      pageViews(this.#pages, views.all, title, before?.pages ?? []),
      Object.is,
    );
    const progress = progressOf(views.all.values());
    const made: FormView = {
      title,
      language,
      languages: before?.languages ?? languagesOf(source),
      pages,
      progress:
        before?.progress.answered === progress.answered && before.progress.asked === progress.asked
          ? before.progress
          : progress,
    };
    const isSame =
      before !== undefined &&
      before.pages === pages &&
      before.progress === made.progress &&
      before.language === language;
    const view = isSame ? before : made;
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

  /** The lists of options that are elsewhere, each once. */
  #fetchLists(): void {
    const { expand, audience } = this.#source;
    if (expand === undefined) return;
    for (const valueSet of this.form.valueSets) {
      const isAsked = [...this.form.items.values()].some(
        (item) => item.valueSet === valueSet && !isConcealed(item, audience),
      );
      if (!isAsked) continue;
      expand(valueSet, '').then(
        (codings) => {
          this.#codings.set(valueSet, codings);
          this.#facts = this.#factsIn(this.#facts.language);
          this.#pages = pagesOf([...this.form.roots.values()], audience, this.#facts);
          this.#changed();
        },
        // the list can still be searched when somebody types
        () => undefined,
      );
    }
  }

  /** What the form's expressions ask the server for: round by round, since one may need another's answer. */
  #fetchQueries(rounds = FETCHES_MAX): void {
    const { query } = this.#source;
    if (query === undefined || rounds === 0 || this.form.logic.queries.length === 0) return;
    queueMicrotask(async () => {
      const wanted = wantedQueries(this.form, this.#stand().state.response, this.#data()).filter(
        (each) => !this.#fetched.has(each),
      );
      if (wanted.length === 0) return;
      for (const each of wanted) this.#fetched.set(each, undefined);
      await Promise.all(
        wanted.map(async (each) => {
          this.#fetched.set(each, await query(each).catch(() => undefined));
        }),
      );
      this.#standing = undefined;
      this.#changed(false);
      this.#fetchQueries(rounds - 1);
    });
  }
}

/** Whether an answer says anything: blanks do not. */
function isTold(answer: Answers[number]): boolean {
  const value = answerValue(answer)?.value;
  return typeof value === 'string' ? value.trim() !== '' : value !== undefined && value !== null;
}

function progressOf(views: Iterable<ItemView>): { readonly answered: number; readonly asked: number } {
  let answered = 0;
  let asked = 0;
  for (const { item, readOnly, control, answers } of views) {
    if (item.type === 'group' || item.type === 'display' || readOnly || control === 'calculated') continue;
    asked += 1;
    if (answers.length > 0) answered += 1;
  }
  return { answered, asked };
}

function referenceTo(resource: { readonly resourceType: string; readonly id?: string; readonly name?: unknown }): {
  reference: string;
  display?: string;
} {
  const { resourceType, id, name } = resource;
  return { reference: `${resourceType}/${id ?? ''}`, ...(typeof name === 'string' && { display: name }) };
}
