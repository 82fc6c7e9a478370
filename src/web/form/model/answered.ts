import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { Form } from '../../../forms/form.ts';
import type { ItemKey } from '../contract.ts';
import { begin } from './begin.ts';
import { confirmFault, type KnownFault } from './confirmed.ts';
import { type Answers, type Draft, itemAt, readDraft } from './draft.ts';
import { isWithin, ROOT, rowKey, rowOf } from './item-key.ts';
import { markSaved, mergeInto, type Unsaved } from './merge.ts';

/** What is answered here, and what of it is not known to be kept elsewhere: all changes of the draft are made by it. */
export class Answered {
  readonly draft: Draft;
  readonly #form: Form;
  readonly #unsaved: Unsaved = { answers: new Set(), rows: new Set() };
  #rowsMade = 0;
  #rowsGivenOut: string;

  /** @param response without items where nothing was answered: then it begins as the form says */
  constructor(form: Form, response: QuestionnaireResponse) {
    this.#form = form;
    this.draft = readDraft(form, response, this.#newRow);
    if (response.item === undefined) begin(this.draft, form.roots, ROOT, this.#newRow);
    this.#rowsGivenOut = this.#rowsNow();
  }

  answer(key: ItemKey, answers: Answers): void {
    const { draft } = this;
    if (answers.length === 0) draft.answers.delete(key);
    else draft.answers.set(key, answers);
    // what was confirmed was said of the answer that stood here
    draft.rest.delete(key);
    this.#unsaved.answers.add(key);
  }

  /** @returns whether there is one more: only a repeating group with fewer than it may have gets one */
  addRow(group: ItemKey): boolean {
    const item = itemAt(this.#form, group);
    const rows = this.draft.rows.get(group) ?? [];
    if (item?.type !== 'group' || !item.repeats || rows.length >= item.constraints.maxOccurs) return false;
    const row = this.#newRow();
    this.draft.rows.set(group, [...rows, row]);
    begin(this.draft, item.children, rowKey(group, row), this.#newRow);
    this.#unsaved.rows.add(group);
    return true;
  }

  /** @returns whether it was there */
  removeRow(row: ItemKey): boolean {
    const { draft } = this;
    const place = rowOf(row);
    const rows = place && draft.rows.get(place.group);
    if (place === undefined || rows === undefined || !rows.includes(place.row)) return false;
    draft.rows.set(
      place.group,
      rows.filter((each) => each !== place.row),
    );
    for (const part of [draft.answers, draft.rows, draft.rest]) {
      for (const key of part.keys()) if (isWithin(key, row)) part.delete(key);
    }
    this.#unsaved.rows.add(place.group);
    return true;
  }

  /** @param answers see confirmFault */
  confirm(fault: KnownFault, answers: Answers): void {
    confirmFault(this.draft, fault, answers);
    this.#unsaved.answers.add(fault.key);
  }

  /** What stands here now is on its way to where it is kept: `saved` tells when it is. */
  giveOut(): void {
    this.#rowsGivenOut = this.#rowsNow();
  }

  /** Takes over what came from elsewhere, but for what is unsaved. @param isAsked see mergeInto */
  take(response: QuestionnaireResponse, isAsked: (key: ItemKey) => boolean): void {
    mergeInto(this.draft, this.#read(response), this.#unsaved, isAsked);
  }

  /** What is here as it is in a response is kept elsewhere. */
  saved(response: QuestionnaireResponse): void {
    markSaved(this.draft, this.#read(response), this.#unsaved, this.#rowsNow() === this.#rowsGivenOut);
  }

  /** Another response's rows are named as those here, in order. */
  #read(response: QuestionnaireResponse): Draft {
    return readDraft(this.#form, response, (group, index) => this.draft.rows.get(group)?.[index] ?? this.#newRow());
  }

  readonly #newRow = (): string => {
    this.#rowsMade += 1;
    return String(this.#rowsMade);
  };

  #rowsNow(): string {
    return JSON.stringify([...this.draft.rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
