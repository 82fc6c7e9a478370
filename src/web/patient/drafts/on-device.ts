import type { DraftParts, DraftRecord } from './draft-state.ts';
import type { Held } from './held.ts';
import type { Told } from './told.ts';

/** Time to write on the device after a change. */
const DEVICE_MS = 100;

/** Writes a draft on the device, one write after the other, the last one last. */
export class OnDevice {
  readonly #parts: DraftParts;
  readonly #held: Held;
  readonly #told: Told;
  /** What is not written again; a form that was only looked at leaves nothing on the device. */
  #written: DraftRecord | undefined;
  #writing = Promise.resolve();
  #callOff: (() => void) | undefined;

  constructor(parts: DraftParts, held: Held, told: Told) {
    this.#parts = parts;
    this.#held = held;
    this.#told = told;
    this.#written = held.record.changed ? undefined : held.record;
  }

  /** @param first is done just before */
  soon(first: () => void): void {
    this.#callOff ??= this.#parts.clock.after(DEVICE_MS, () => {
      this.#callOff = undefined;
      first();
      void this.now();
    });
  }

  /** All of it. What the device refuses to keep is still on its way to the server. */
  now(): Promise<void> {
    const { device } = this.#parts;
    const write = async (): Promise<void> => {
      const { record } = this.#held;
      if (this.#told.isOver || record === this.#written) return;
      await device.write(record.order, record);
      this.#written = record;
    };
    this.#writing = this.#writing.then(write).catch(() => {});
    return this.#writing;
  }

  /** Nothing is left on the device, and nothing more is written. */
  forget(): Promise<void> {
    this.stop();
    const { device } = this.#parts;
    this.#writing = this.#writing.then(() => device.delete(this.#held.record.order)).catch(() => {});
    return this.#writing;
  }

  stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
