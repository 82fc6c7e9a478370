import type { FormLanguage } from '../form/contract.ts';
import type { PatientSession } from './contract.ts';
import type { Prepared } from './prepared.ts';
import type { Words } from './words.ts';

/** What every screen knows: who is here, and in which words they are spoken to. */
export interface Visit {
  readonly session: PatientSession;
  readonly words: Words;
  /** The language of the words. */
  readonly language: FormLanguage;
  /** What was there before the first page was rendered. */
  readonly prepared?: Prepared | undefined;
  /** Asks the server again what waits: something was answered, declined or put off. @throws Offline, SignedOut */
  refresh(): Promise<PatientSession>;
  /** The server knows this session no more. */
  ended(): void;
}
