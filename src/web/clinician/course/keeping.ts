import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import type { FormSession } from '../../form/contract.ts';
import type { Written } from './fhir-gateway.ts';
import { isKept, type Merge, merge, sameAnswers } from './merging.ts';
import { type Refusal, refusalsOf } from './refusals.ts';

/** Where a form's answers are kept. */
export type KeptState =
  /** As it is stored, or nothing was answered yet. */
  | 'kept'
  | 'changed'
  | 'saving'
  /** The server did not take it: `refusals` say why. */
  | 'refused'
  /** The server could not be reached; it is tried again. */
  | 'waiting'
  /** Somebody has locked the form meanwhile: what is answered here is not stored. */
  | 'locked';

export interface Keeping {
  readonly state: KeptState;
  /** When it was stored the last time, here. */
  readonly savedAt: Date | undefined;
  readonly refusals: readonly Refusal[];
  /** What was merged with somebody else's answers, until it is dismissed. */
  readonly merged: Merge | undefined;
}

export interface KeeperParts {
  readonly session: FormSession;
  /** As it is stored; without an id where nothing is. */
  readonly stored: QuestionnaireResponse;
  /** Stores it: the first version where there is no id, else the next. */
  readonly store: (response: QuestionnaireResponse) => Promise<Written<QuestionnaireResponse>>;
  /** As it is stored now, whoever stored it. */
  readonly read: (id: string) => Promise<QuestionnaireResponse>;
  readonly now: () => Date;
  /** Called with each version that was stored: what the course shows may have changed. */
  readonly onStored: (response: QuestionnaireResponse) => void;
  /** False: only when it is asked for, as a correction of what is locked. */
  readonly automatic: boolean;
}

/** After the last change; a person who types is not in between. */
export const AUTOSAVE_MS = 3_000;
const AGAIN_MS = 10_000;
/** As often may others be quicker, one after the other. */
const MERGES_MAX = 4;

export type SavedStatus = 'in-progress' | 'completed' | 'amended';

/**
 * Keeps a form that staff fill in: some seconds after the last change, and when asked. Saves follow each other, never two at
 * once; a version that somebody else stored meanwhile (412) is merged question by question and saved again.
 */
export class FormKeeper {
  readonly #parts: KeeperParts;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #stored: QuestionnaireResponse;
  #keeping: Keeping = { state: 'kept', savedAt: undefined, refusals: [], merged: undefined };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<boolean> | undefined;
  #ended = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    // what the session itself adds (calculated answers) is no change of the person's
    this.#stored = { ...parts.stored, item: parts.session.response('in-progress').item };
    this.#unsubscribe = parts.session.subscribe(this.#changed);
  }

  readonly current = (): Keeping => this.#keeping;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The version that is stored, as far as is known here. */
  get stored(): QuestionnaireResponse {
    return this.#stored;
  }

  /** Whether there are answers that are stored nowhere. */
  get isChanged(): boolean {
    return !this.#ended && !sameAnswers(this.#parts.session.response('in-progress'), this.#stored, this.#isAsked);
  }

  /** @returns whether it is stored now */
  async save(status: SavedStatus): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#running !== undefined) await this.#running;
    const running = this.#saved(status);
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Saves what is not saved yet. @returns whether all is stored now */
  async flush(): Promise<boolean> {
    while (this.#running !== undefined) await this.#running;
    if (!this.isChanged || !this.#parts.automatic) return !this.isChanged;
    return this.save('in-progress');
  }

  /**
   * Somebody has stored a version: where it is another than is known here, it is taken over question by question. Answers
   * that are not saved here stand.
   * @param version of the stored response
   */
  async heard(id: string, version: string | undefined): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    const { id: known = id, meta } = this.#stored;
    if (this.#ended || id !== known || version === undefined || version === meta?.versionId) return;
    const theirs = await this.#parts.read(id).catch(() => undefined);
    if (theirs === undefined || this.#running !== undefined || theirs.meta?.versionId === this.#stored.meta?.versionId)
      return;
    if (this.#parts.automatic && theirs.status !== 'in-progress') {
      // no save follows on this version: what is typed here must not open the form again
      clearTimeout(this.#timer);
      this.#tell({ state: 'locked' });
      return;
    }
    const mine = this.#parts.session.response('in-progress');
    const { contested } = merge(this.#stored, mine, theirs, this.#isAsked);
    this.#stored = theirs;
    this.#parts.session.take(theirs);
    this.#tell({
      state: this.isChanged ? 'changed' : 'kept',
      ...(contested.length > 0 && { merged: { taken: [], contested } }),
    });
  }

  dismissMerge(): void {
    this.#tell({ merged: undefined });
  }

  /** Nothing is saved from now on. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  readonly #isAsked = (linkId: string): boolean => this.#parts.session.form.items.get(linkId)?.readOnly !== true;

  readonly #changed = (): void => {
    if (this.#ended || this.#keeping.state === 'locked') return;
    const changed = this.isChanged;
    if (changed && this.#keeping.state !== 'saving') this.#tell({ state: 'changed' });
    if (!changed && this.#keeping.state === 'changed') this.#tell({ state: 'kept' });
    this.#later(changed, AUTOSAVE_MS);
  };

  #later(changed: boolean, ms: number): void {
    clearTimeout(this.#timer);
    if (changed && this.#parts.automatic && !this.#ended) {
      this.#timer = setTimeout(() => void this.flush(), ms);
    }
  }

  async #saved(status: SavedStatus): Promise<boolean> {
    const { session, store, now, onStored } = this.#parts;
    this.#tell({ state: 'saving', refusals: [] });
    for (let time = 0; time < MERGES_MAX; time += 1) {
      const mine = this.#next(status);
      const written = await store(mine);
      if (
        written.kind === 'stored' &&
        (this.#stored.id !== undefined || isKept(mine, written.resource, this.#isAsked))
      ) {
        this.#stored = { ...written.resource, item: mine.item };
        session.saved(written.resource);
        const isChanged = status === 'in-progress' && this.isChanged;
        this.#tell({ state: isChanged ? 'changed' : 'kept', savedAt: now() });
        onStored(written.resource);
        // what is locked is saved no more, least of all as under way
        if (status === 'in-progress') this.#later(this.isChanged, AUTOSAVE_MS);
        else this.end();
        return true;
      }
      if (written.kind === 'refused') {
        this.#tell({ state: 'refused', refusals: refusalsOf(written.issues, mine) });
        return false;
      }
      const theirs = await this.#theirs(written);
      if (theirs === undefined) break;
      if (status === 'in-progress' && theirs.status !== 'in-progress') {
        this.#tell({ state: 'locked' });
        onStored(theirs);
        return false;
      }
      this.#take(theirs, mine);
    }
    this.#tell({ state: 'waiting' });
    this.#later(true, AGAIN_MS);
    return false;
  }

  /** What somebody else has stored; undefined where nothing can be told now. */
  async #theirs(written: Written<QuestionnaireResponse>): Promise<QuestionnaireResponse | undefined> {
    if (written.kind === 'stored') return written.resource;
    if (written.kind !== 'newer' || this.#stored.id === undefined) return undefined;
    return this.#parts.read(this.#stored.id).catch(() => undefined);
  }

  #take(theirs: QuestionnaireResponse, mine: QuestionnaireResponse): void {
    const merged = merge(this.#stored, mine, theirs, this.#isAsked);
    this.#stored = theirs;
    this.#parts.session.take(theirs);
    if (merged.taken.length > 0 || merged.contested.length > 0) this.#tell({ merged });
  }

  #next(status: SavedStatus): QuestionnaireResponse {
    const { id, meta } = this.#stored;
    const { id: _, meta: __, ...response } = this.#parts.session.response(status);
    return { ...response, ...(id !== undefined && { id }), ...(meta !== undefined && { meta }) };
  }

  #tell(change: Partial<Keeping>): void {
    this.#keeping = { ...this.#keeping, ...change };
    for (const listener of this.#listeners) listener();
  }
}
