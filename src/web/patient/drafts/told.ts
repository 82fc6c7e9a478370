import type { DraftState } from './draft-state.ts';

/** What becomes of a draft, for who looks at it. */
export class Told {
  #state: DraftState;
  readonly #listeners = new Set<() => void>();
  #isHandedOver = false;

  constructor(state: DraftState) {
    this.#state = state;
  }

  get state(): DraftState {
    return this.#state;
  }

  /** What an answer on its way says then, as of a save when the order was declined, changes nothing any more. */
  get isOver(): boolean {
    return this.#isHandedOver || this.#state.sending === 'sent' || this.#state.ended === 'closed';
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(state: DraftState): void {
    if (this.isOver || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** Another draft tells from now on. */
  handOver(): void {
    this.#isHandedOver = true;
  }
}
