import type { UnreachableReason } from '../registry/unreachable.ts';
import type { Contact } from './contact.ts';

/** A notice on its way to a person. It tells that a form waits, never what the form asks or why. */
export interface Notice {
  /** The same for every attempt to send the same notice: a channel that has seen it does not send it again. */
  readonly idempotencyKey: string;
  /** Who is to be reached, as the channel addresses people: what its `reach` told. */
  readonly recipient: string;
  /** BCP 47 */
  readonly language: string;
  readonly text: string;
  /**
   * The personal link to what the notice is about, to be sent with the text; a secret of the recipient, so nothing but the
   * message may keep it. Another one at every attempt: each of them works. Absent where the notice is about no order.
   */
  readonly link?: string;
  /** When it was due. */
  readonly at: Date;
  /** What the notice is about, for secure channels alone. */
  readonly order?: NoticedOrder;
}

/** An order, as a joint service needs it: which form, until when, and by which name its answer comes back. */
export interface NoticedOrder {
  /** The id of the Task. */
  readonly task: string;
  /** Canonical of the form, with its version. */
  readonly questionnaire: string | undefined;
  /** When the order ends unless a reminder or somebody moves it. */
  readonly end: Date | undefined;
  /** Whether the notice only reminds of it. */
  readonly reminder: boolean;
}

/** What a person may choose of: the secure channels (the choice where nobody chose), or an unsecured one. */
export type Medium = 'secure' | 'email' | 'sms';

/** How a channel reaches somebody, or why it does not. */
export type Way = { readonly address: string } | { readonly unreachable: UnreachableReason };

/** A way to reach people: a spool folder, SMS, a national mailbox. */
export interface Channel {
  /** A code of CodeSystem notice-channel. */
  readonly name: string;
  /** By which choice it is used. What is not `secure` carries nothing but words that tell nothing. */
  readonly medium: Medium;
  /** Whether it reaches somebody, by what the contact register says; asks nobody. */
  reach(contact: Contact, at: Date): Way;
  /**
   * Sends a notice; repeated with the same key it sends nothing more. Rejects if the notice may not have been sent, with
   * nothing of the person in the error: it is tried again.
   * @returns why the person is not reached, where the other side says so for good
   */
  send(notice: Notice): Promise<UnreachableReason | undefined>;
  /** Removes what it keeps of notices whose recipient was erased; absent where it keeps nothing. @param keys idempotency keys */
  forget?(keys: readonly string[]): Promise<void>;
  /** Ends connections that it keeps open; absent where it keeps none. */
  close?(): void;
}

/** Why a channel could not say that it has sent something. The message is for the log: no address, text or answer is in it. */
export class ChannelFault extends Error {
  override readonly name = 'ChannelFault';
}
