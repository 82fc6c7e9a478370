import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { Offline, Refused, SignedOut } from '../network/fhir.ts';
import type { DraftParts, DraftState } from './draft-state.ts';
import type { Held } from './held.ts';
import { sameAnswers } from './merge.ts';
import type { OnDevice } from './on-device.ts';
import { findStored, stateAfterRefusal, store } from './stored-response.ts';
import type { Told } from './told.ts';

/** A change is on its way to the server after this, and the next one at this distance. */
const SAVE_MS = 600;
const SAVE_EVERY_MS = 2000;
const RETRY_MS_MIN = 2000;
const RETRY_MS_MAX = 60_000;
/** In a row; then it waits as if it were offline. */
const CONFLICTS_MAX = 5;

/**
 * Saves a draft on the server until it has all of it, one request at a time: what somebody else has saved meanwhile is taken over
 * first, and after an answer that was lost, what is stored is read.
 */
export class OnServer {
  readonly #parts: DraftParts;
  readonly #held: Held;
  readonly #told: Told;
  readonly #device: OnDevice;
  #savedAt = Number.NEGATIVE_INFINITY;
  /** An answer was lost: it is not known what the server holds. */
  #doubtful = false;
  #failures = 0;
  #syncing: Promise<void> | undefined;
  #callOff: (() => void) | undefined;

  constructor(parts: DraftParts, held: Held, told: Told, device: OnDevice) {
    this.#parts = parts;
    this.#held = held;
    this.#told = told;
    this.#device = device;
  }

  /** Whether there is something to save. */
  get isBehind(): boolean {
    return this.#held.isUnsaved && !this.#told.isOver;
  }

  /** Whether it waits for the net. */
  get isWaiting(): boolean {
    return this.#failures > 0;
  }

  soon(): void {
    const { clock } = this.#parts;
    const wait_ms = Math.max(SAVE_MS, this.#savedAt + SAVE_EVERY_MS - clock.now());
    this.#callOff ??= clock.after(wait_ms, () => void this.now());
  }

  /** Resolves once it is saved, refused, or waits for the net. */
  now(): Promise<void> {
    this.stop();
    this.#syncing ??= this.#untilSaved().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  async #untilSaved(): Promise<void> {
    for (let conflicts = 0; this.isBehind; ) {
      try {
        const isStored = await this.#save();
        this.#failures = 0;
        // who goes on typing is saved at the next turn
        if (isStored && !this.#held.record.sending) return this.isBehind ? this.soon() : undefined;
      } catch (problem) {
        if (this.#told.isOver) return;
        if (problem instanceof SignedOut) return this.#signedOut();
        if (problem instanceof Refused && problem.isConflict && ++conflicts < CONFLICTS_MAX) this.#doubtful = true;
        else if (problem instanceof Refused && !problem.isConflict) return this.#refused(problem);
        else if (problem instanceof Offline || problem instanceof Refused) return this.#retryLater();
        else throw problem;
      }
    }
  }

  /** @returns whether the server has taken it: else there was something to take over first */
  async #save(): Promise<boolean> {
    const held = this.#held;
    if (this.#doubtful) {
      const stored = await findStored(this.#parts, held.record);
      this.#doubtful = false;
      if (stored !== undefined) this.#found(stored);
      if (!this.isBehind) return false;
    }
    const { changes, record } = held;
    this.#savedAt = this.#parts.clock.now();
    this.#told.tell({ kept: 'saving', sending: record.sending ? 'under-way' : 'no' });
    this.#doubtful = true;
    const stored = await store(this.#parts, record);
    this.#doubtful = false;
    // there may have been one: then it is not this one that came back
    const { status } = record.response;
    if (record.base === undefined && !(stored.status === status && sameAnswers(stored, record.response))) {
      this.#found(stored);
      return false;
    }
    held.saved(stored, changes);
    if (stored.status !== 'in-progress') {
      this.#sent();
      return true;
    }
    held.session?.saved(stored);
    await this.#kept();
    return true;
  }

  #found(stored: QuestionnaireResponse): void {
    if (stored.status === 'completed' || stored.status === 'amended') this.#sent();
    else if (stored.status !== 'in-progress') this.#closed();
    else {
      this.#held.merge(stored);
      if (!this.#held.isUnsaved) void this.#kept();
    }
  }

  /** What the server has is what the device keeps. */
  #kept(): Promise<void> {
    if (!this.#held.isUnsaved) this.#told.tell({ kept: 'server', sending: 'no' });
    return this.#device.now();
  }

  /** A refusal may be the word that came second: the form was sent, by this device or another, or staff have taken over. */
  async #refused({ outcome }: Refused): Promise<void> {
    const { record } = this.#held;
    try {
      const state = await stateAfterRefusal(this.#parts, record);
      if (state === 'answered') return this.#sent();
      if (state === 'ended') return this.#closed();
    } catch (problem) {
      if (problem instanceof SignedOut) return this.#signedOut();
      if (problem instanceof Offline) return this.#retryLater();
      throw problem;
    }
    this.#doubtful = false;
    this.#held.refused();
    this.#told.tell({
      kept: 'device',
      sending: record.sending ? 'refused' : 'no',
      ...(outcome && { refusal: outcome }),
    });
    await this.#device.now();
  }

  #retryLater(): void {
    this.#told.tell(this.#waiting());
    const wait_ms = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#failures++);
    this.#callOff ??= this.#parts.clock.after(wait_ms, () => void this.now());
  }

  #signedOut(): void {
    this.#told.tell({ ...this.#waiting(), ended: 'signed-out' });
  }

  #waiting(): DraftState {
    return { kept: 'device', sending: this.#held.record.sending ? 'waiting' : 'no' };
  }

  #sent(): void {
    this.#end({ kept: 'server', sending: 'sent' });
  }

  #closed(): void {
    this.#end({ kept: 'device', sending: 'no', ended: 'closed' });
  }

  #end(state: DraftState): void {
    this.stop();
    this.#told.tell(state);
    void this.#device.forget();
  }
}
