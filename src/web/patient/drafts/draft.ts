import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { FormSession } from '../../form/contract.ts';
import type { DraftParts, DraftRecord, DraftState } from './draft-state.ts';
import { Held } from './held.ts';
import { OnDevice } from './on-device.ts';
import { OnServer } from './on-server.ts';
import { Told } from './told.ts';

/**
 * What a person answers to one order, from the first answer to the receipt. Every change is on the device within 100 ms and
 * on the server within 2 s, or when the net is back. There is one QuestionnaireResponse an order: created on the condition
 * that there is none with its identifier, saved on the condition that nobody else has (If-Match). Where somebody has, their
 * answers are taken over but for what was changed here, and it is saved again. After an answer that was lost, what is stored
 * is read first: so a form is sent once, however often Send is pressed.
 */
export class Draft {
  readonly #held: Held;
  readonly #told: Told;
  readonly #device: OnDevice;
  readonly #server: OnServer;

  constructor(record: DraftRecord, parts: DraftParts) {
    this.#held = new Held(record);
    this.#told = new Told({ kept: record.changed ? 'device' : 'server', sending: record.sending ? 'waiting' : 'no' });
    this.#device = new OnDevice(parts, this.#held, this.#told);
    this.#server = new OnServer(parts, this.#held, this.#told, this.#device);
  }

  /** The id of the Task. */
  get order(): string {
    return this.#held.record.order;
  }

  /** What a form session of it begins with. */
  get response(): QuestionnaireResponse {
    const { response, base } = this.#held.record;
    return base?.id === undefined ? response : { ...response, id: base.id };
  }

  /** Key of the page that the person was on when they left this device. */
  get page(): string | undefined {
    return this.#held.record.page;
  }

  current(): DraftState {
    return this.#told.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#told.subscribe(listener);
  }

  /** Keeps what is answered in a session from now on. @returns ends that */
  keep(session: FormSession): () => void {
    this.#held.session = session;
    if (this.#held.isUnsaved) this.#server.soon();
    const end = session.subscribe(() => this.#changed());
    return () => {
      end();
      this.flush();
      this.#held.session = undefined;
    };
  }

  /** The person is on this page now. */
  at(page: string): void {
    if (page === this.page) return;
    this.#held.record = { ...this.#held.record, page };
    this.#changed();
  }

  /** The page is about to be left, or the net is back: all of it now. */
  flush(): void {
    this.#take();
    void this.#device.now();
    void this.#server.now();
  }

  /** All of it now. @returns whether the server has it */
  async settle(): Promise<boolean> {
    do {
      this.flush();
      await this.#server.now();
      await this.#device.now();
    } while (this.#server.isBehind && !this.#server.isWaiting && this.#told.state.ended === undefined);
    return !this.#server.isBehind;
  }

  /**
   * Sends the form. The caller has seen to it that nothing stops it (FormSession.check).
   * @returns once it is sent, refused, or waiting for the net
   */
  async send(): Promise<DraftState> {
    const { kept, sending, ended } = this.#told.state;
    if (sending === 'sent' || ended !== undefined) return this.#told.state;
    if (!this.#held.record.sending) {
      this.#held.send();
      this.#told.tell({ kept, sending: 'under-way' });
      await this.#device.now();
    }
    await this.#server.now();
    return this.#told.state;
  }

  /**
   * Another draft of the order takes over: this one keeps, saves and tells nothing more.
   * @returns what it begins with; undefined where there is nothing left to do
   */
  async handOver(): Promise<DraftRecord | undefined> {
    this.#take();
    await this.#device.now();
    this.#stop();
    if (this.#told.isOver) return undefined;
    this.#told.handOver();
    return this.#held.record;
  }

  /** Forgets what is on this device: the order was declined. */
  async forget(): Promise<void> {
    this.#stop();
    this.#told.tell({ ...this.#told.state, ended: 'closed' });
    await this.#device.forget();
  }

  #changed(): void {
    if (this.#told.isOver || this.#held.record.sending) return;
    this.#device.soon(() => {
      if (this.#take()) this.#server.soon();
    });
  }

  /** @returns whether the session's answers are others than before */
  #take(): boolean {
    if (this.#told.isOver || !this.#held.take()) return false;
    if (this.#told.state.kept === 'server') this.#told.tell({ kept: 'saving', sending: 'no' });
    return true;
  }

  #stop(): void {
    this.#server.stop();
    this.#device.stop();
  }
}
