import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { FormSession } from '../../form/contract.ts';
import { Offline, Refused, SignedOut } from '../network/fhir.ts';
import type { DraftParts, DraftRecord, DraftState } from './draft-state.ts';
import { mergedResponse, sameAnswers } from './merge.ts';
import { findStored, stateAfterRefusal, store } from './stored-response.ts';

/** Time to write on the device after a change. */
const DEVICE_MS = 100;
/** A change is on its way to the server after this, and the next one at this distance. */
const SAVE_MS = 600;
const SAVE_EVERY_MS = 2000;
const RETRY_MS_MIN = 2000;
const RETRY_MS_MAX = 60_000;
/** In a row; then it waits as if it were offline. */
const CONFLICTS_MAX = 5;

/**
 * What a person answers to one order, from the first answer to the receipt. Every change is on the device within 100 ms and
 * on the server within 2 s, or when the net is back. There is one QuestionnaireResponse an order: created on the condition
 * that there is none with its identifier, saved on the condition that nobody else has (If-Match). Where somebody has, their
 * answers are taken over but for what was changed here, and it is saved again. After an answer that was lost, what is stored
 * is read first: so a form is sent once, however often Send is pressed.
 */
export class Draft {
  readonly #parts: DraftParts;
  readonly #listeners = new Set<() => void>();
  #record: DraftRecord;
  #session: FormSession | undefined;
  #state: DraftState;
  /** Counts changes; what was saved is what had been changed when the saving began. */
  #changes = 0;
  #saved = 0;
  #savedAt = Number.NEGATIVE_INFINITY;
  /** An answer was lost: it is not known what the server holds. */
  #doubtful = false;
  #failures = 0;
  #syncing: Promise<void> | undefined;
  #writing = Promise.resolve();
  #deviceTimer: (() => void) | undefined;
  #saveTimer: (() => void) | undefined;
  #isHandedOver = false;

  constructor(record: DraftRecord, parts: DraftParts) {
    this.#record = record;
    this.#parts = parts;
    this.#changes = record.changed ? 1 : 0;
    this.#state = { kept: record.changed ? 'device' : 'server', sending: record.sending ? 'waiting' : 'no' };
  }

  /** The id of the Task. */
  get order(): string {
    return this.#record.order;
  }

  /** What a form session of it begins with. */
  get response(): QuestionnaireResponse {
    const { response, base } = this.#record;
    return base?.id === undefined ? response : { ...response, id: base.id };
  }

  /** Key of the page that the person was on when they left this device. */
  get page(): string | undefined {
    return this.#record.page;
  }

  current(): DraftState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Keeps what is answered in a session from now on. @returns ends that */
  keep(session: FormSession): () => void {
    this.#session = session;
    if (this.#changes > this.#saved) this.#saveSoon();
    const end = session.subscribe(() => this.#changed());
    return () => {
      end();
      this.flush();
      this.#session = undefined;
    };
  }

  /** The person is on this page now. */
  at(page: string): void {
    if (page === this.#record.page) return;
    this.#record = { ...this.#record, page };
    this.#writeSoon();
  }

  /** The page is about to be left, or the net is back: all of it now. */
  flush(): void {
    this.#take();
    void this.#write();
    void this.#sync();
  }

  /** All of it now. @returns whether the server has it */
  async settle(): Promise<boolean> {
    do {
      this.flush();
      await this.#syncing;
      await this.#writing;
    } while (this.#isUnsaved() && this.#failures === 0 && this.#state.ended === undefined);
    return !this.#isUnsaved();
  }

  /**
   * Sends the form. The caller has seen to it that nothing stops it (FormSession.check).
   * @returns once it is sent, refused, or waiting for the net
   */
  async send(): Promise<DraftState> {
    if (this.#state.sending === 'sent' || this.#state.ended !== undefined) return this.#state;
    if (!this.#record.sending) {
      this.#changes++;
      this.#record = { ...this.#record, ...this.#answered('completed'), sending: true, changed: true };
      this.#tell({ kept: this.#state.kept, sending: 'under-way' });
      await this.#write();
    }
    await this.#sync();
    return this.#state;
  }

  /**
   * Another draft of the order takes over: this one keeps, saves and tells nothing more.
   * @returns what it begins with; undefined where there is nothing left to do
   */
  async handOver(): Promise<DraftRecord | undefined> {
    this.#take();
    await this.#write();
    this.#stop();
    if (this.#isOver) return undefined;
    this.#isHandedOver = true;
    return this.#record;
  }

  /** Forgets what is on this device: the order was declined. */
  async forget(): Promise<void> {
    this.#stop();
    this.#tell({ ...this.#state, ended: 'closed' });
    await this.#writing;
    await this.#parts.device.delete(this.#record.order);
  }

  #changed(): void {
    if (this.#isOver || this.#record.sending) return;
    this.#deviceTimer ??= this.#parts.clock.after(DEVICE_MS, () => {
      this.#deviceTimer = undefined;
      if (this.#take()) {
        void this.#write();
        this.#saveSoon();
      }
    });
  }

  /** @returns whether the session's answers are others than before */
  #take(): boolean {
    if (this.#session === undefined || this.#record.sending || this.#isOver) return false;
    const { response } = this.#answered('in-progress');
    if (sameAnswers(response, this.#record.response)) return false;
    this.#changes++;
    this.#record = { ...this.#record, response, changed: true };
    if (this.#state.kept === 'server') this.#tell({ kept: 'saving', sending: 'no' });
    return true;
  }

  #answered(status: 'in-progress' | 'completed'): Pick<DraftRecord, 'response'> {
    const { response } = this.#record;
    const { questionnaire, subject, basedOn, identifier, author, source } = response;
    const answered = this.#session?.response(status) ?? { ...response, status };
    return { response: { ...answered, questionnaire, subject, basedOn, identifier, author, source } };
  }

  #writeSoon(): void {
    this.#deviceTimer ??= this.#parts.clock.after(DEVICE_MS, () => {
      this.#deviceTimer = undefined;
      this.#take();
      void this.#write();
    });
  }

  /** One write after the other, the last one last. What the device refuses to keep is still on its way to the server. */
  #write(): Promise<void> {
    const { device } = this.#parts;
    const write = async (): Promise<void> => {
      if (this.#isOver) return;
      await device.write(this.#record.order, this.#record).catch(() => {});
    };
    this.#writing = this.#writing.then(write);
    return this.#writing;
  }

  #saveSoon(): void {
    const { clock } = this.#parts;
    const wait_ms = Math.max(SAVE_MS, this.#savedAt + SAVE_EVERY_MS - clock.now());
    this.#saveTimer ??= clock.after(wait_ms, () => void this.#sync());
  }

  #sync(): Promise<void> {
    this.#saveTimer?.();
    this.#saveTimer = undefined;
    this.#syncing ??= this.#untilSaved().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async #untilSaved(): Promise<void> {
    for (let conflicts = 0; this.#isUnsaved(); ) {
      try {
        const isStored = await this.#save();
        this.#failures = 0;
        // who goes on typing is saved at the next turn
        if (isStored && !this.#record.sending) return this.#isUnsaved() ? this.#saveSoon() : undefined;
      } catch (problem) {
        if (this.#isOver) return;
        if (problem instanceof SignedOut) return this.#tell({ ...this.#waiting(), ended: 'signed-out' });
        if (problem instanceof Refused && problem.isConflict && ++conflicts < CONFLICTS_MAX) this.#doubtful = true;
        else if (problem instanceof Refused && !problem.isConflict) return this.#refused(problem);
        else if (problem instanceof Offline || problem instanceof Refused) return this.#retryLater();
        else throw problem;
      }
    }
  }

  #isUnsaved(): boolean {
    return this.#changes > this.#saved && !this.#isOver;
  }

  /** What an answer on its way says then, as of a save when the order was declined, changes nothing any more. */
  get #isOver(): boolean {
    return this.#isHandedOver || this.#state.sending === 'sent' || this.#state.ended === 'closed';
  }

  /** @returns whether the server has taken it: else there was something to take over first */
  async #save(): Promise<boolean> {
    if (this.#doubtful) {
      const stored = await findStored(this.#parts, this.#record);
      this.#doubtful = false;
      if (stored !== undefined) this.#found(stored);
      if (!this.#isUnsaved()) return false;
    }
    const changes = this.#changes;
    this.#savedAt = this.#parts.clock.now();
    this.#tell({ kept: 'saving', sending: this.#record.sending ? 'under-way' : 'no' });
    const { response, base } = this.#record;
    this.#doubtful = true;
    const stored = await store(this.#parts, this.#record);
    this.#doubtful = false;
    // there may have been one: then it is not this one that came back
    if (base === undefined && !(stored.status === response.status && sameAnswers(stored, response))) {
      this.#found(stored);
      return false;
    }
    this.#saved = Math.max(this.#saved, changes);
    this.#record = { ...this.#record, base: stored, changed: this.#changes > this.#saved };
    if (stored.status !== 'in-progress') {
      this.#sent();
      return true;
    }
    this.#session?.saved(stored);
    if (!this.#record.changed) this.#tell({ kept: 'server', sending: 'no' });
    await this.#write();
    return true;
  }

  /** Takes over what the server holds, of this device before its answer was lost or of another. */
  #found(stored: QuestionnaireResponse): void {
    if (stored.status !== 'in-progress') {
      this.#over(stored.status);
      return;
    }
    const { base, response, sending } = this.#record;
    const merged = mergedResponse(base, response, stored);
    this.#session?.take(stored);
    const taken = sending
      ? { ...merged, ...onlyOf(response), item: merged.item }
      : this.#session === undefined
        ? merged
        : this.#answered('in-progress').response;
    this.#record = { ...this.#record, base: stored, response: taken };
    if (!sending && sameAnswers(stored, taken)) {
      this.#saved = this.#changes;
      this.#record = { ...this.#record, changed: false };
      this.#tell({ kept: 'server', sending: 'no' });
      void this.#write();
    }
  }

  /** A refusal may be the word that came second: the form was sent, by this device or another, or staff have taken over. */
  async #refused(refusal: Refused): Promise<void> {
    try {
      const state = await stateAfterRefusal(this.#parts, this.#record);
      if (state === 'answered') return this.#sent();
      if (state === 'ended') return this.#closed();
    } catch (problem) {
      if (problem instanceof SignedOut) return this.#tell({ ...this.#waiting(), ended: 'signed-out' });
      if (problem instanceof Offline) return this.#retryLater();
      throw problem;
    }
    this.#doubtful = false;
    // the person may mend it: what they change next is tried again
    this.#saved = this.#changes;
    const sending = this.#record.sending ? 'refused' : 'no';
    this.#record = { ...this.#record, sending: false, response: { ...this.#record.response, status: 'in-progress' } };
    this.#tell({ kept: 'device', sending, ...(refusal.outcome && { refusal: refusal.outcome }) });
    await this.#write();
  }

  #retryLater(): void {
    this.#tell(this.#waiting());
    const wait_ms = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#failures++);
    this.#saveTimer ??= this.#parts.clock.after(wait_ms, () => void this.#sync());
  }

  #waiting(): DraftState {
    return { kept: 'device', sending: this.#record.sending ? 'waiting' : 'no' };
  }

  #over(status: QuestionnaireResponse['status']): void {
    if (status === 'completed' || status === 'amended') this.#sent();
    else this.#closed();
  }

  #sent(): void {
    this.#end({ kept: 'server', sending: 'sent' });
  }

  #closed(): void {
    this.#end({ kept: 'device', sending: 'no', ended: 'closed' });
  }

  #end(state: DraftState): void {
    this.#stop();
    this.#tell(state);
    const { device } = this.#parts;
    this.#writing = this.#writing.then(() => device.delete(this.#record.order)).catch(() => {});
  }

  #stop(): void {
    this.#saveTimer?.();
    this.#deviceTimer?.();
    this.#saveTimer = undefined;
    this.#deviceTimer = undefined;
  }

  #tell(state: DraftState): void {
    if (this.#isOver || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What a sent response says of itself beside its answers. */
function onlyOf({ status, authored, language }: QuestionnaireResponse): Partial<QuestionnaireResponse> {
  return { status, ...(authored && { authored }), ...(language && { language }) };
}
