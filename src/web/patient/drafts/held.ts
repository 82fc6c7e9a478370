import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { FormSession } from '../../form/contract.ts';
import type { DraftRecord } from './draft-state.ts';
import { mergedResponse, sameAnswers } from './merge.ts';

/** What is held of the answers to an order: as the form's session says them, and how much of that the server has. */
export class Held {
  record: DraftRecord;
  /** Where it is answered now. */
  session: FormSession | undefined;
  /** What was saved is what had been changed when the saving began. */
  #changes: number;
  #saved = 0;

  constructor(record: DraftRecord) {
    this.record = record;
    this.#changes = record.changed ? 1 : 0;
  }

  /** How often it was changed: for `saved`. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether it holds what the server has not got. */
  get isUnsaved(): boolean {
    return this.#changes > this.#saved;
  }

  /** Takes over what the session says. @returns whether that is other than before; what is being sent is not changed any more */
  take(): boolean {
    if (this.session === undefined || this.record.sending) return false;
    const response = this.#answered('in-progress');
    if (sameAnswers(response, this.record.response)) return false;
    this.#change({ response });
    return true;
  }

  /** The person sends it as it stands. */
  send(): void {
    this.#change({ response: this.#answered('completed'), sending: true });
  }

  /** @param changes as they were when what the server holds now was on its way */
  saved(base: QuestionnaireResponse, changes: number): void {
    this.#saved = Math.max(this.#saved, changes);
    this.record = { ...this.record, base, changed: this.isUnsaved };
  }

  /** The server does not take it as it is: what the person changes next is tried again. */
  refused(): void {
    this.#saved = this.#changes;
    const { response } = this.record;
    this.record = { ...this.record, sending: false, response: { ...response, status: 'in-progress' } };
  }

  /** Takes over what the server holds, of this device before its answer was lost or of another, but for what was changed here. */
  merge(stored: QuestionnaireResponse): void {
    const { base, response, sending } = this.record;
    const merged = mergedResponse(base, response, stored);
    this.session?.take(stored);
    const taken = sending
      ? { ...merged, ...onlyOf(response), item: merged.item }
      : this.session === undefined
        ? merged
        : this.#answered('in-progress');
    this.record = { ...this.record, base: stored, response: taken };
    if (!sending && sameAnswers(stored, taken)) this.saved(stored, this.#changes);
  }

  #change(part: Partial<DraftRecord>): void {
    this.#changes++;
    this.record = { ...this.record, ...part, changed: true };
  }

  /** The session's answers, about what the order is about. */
  #answered(status: 'in-progress' | 'completed'): QuestionnaireResponse {
    const { response } = this.record;
    const { questionnaire, subject, basedOn, identifier, author, source } = response;
    const answered = this.session?.response(status) ?? { ...response, status };
    return { ...answered, questionnaire, subject, basedOn, identifier, author, source };
  }
}

/** What a sent response says of itself beside its answers. */
function onlyOf({ status, authored, language }: QuestionnaireResponse): Partial<QuestionnaireResponse> {
  return { status, ...(authored && { authored }), ...(language && { language }) };
}
