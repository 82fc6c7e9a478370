/** A notice on its way to a person. It tells that a form waits, never what the form asks or why. */
export interface Notice {
  /** The same for every attempt to send the same notice: a channel that has seen it does not send it again. */
  readonly idempotencyKey: string;
  /** Who is to be reached, by the contact register's own key. */
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
}

/** A way to reach people: a spool folder, SMS, a national mailbox. */
export interface Channel {
  readonly name: string;
  /** Sends a notice; repeated with the same key it sends nothing more. Rejects if the notice may not have been sent. */
  send(notice: Notice): Promise<void>;
  /** Removes what it keeps of notices whose recipient was erased; absent where it keeps nothing. @param keys idempotency keys */
  forget?(keys: readonly string[]): Promise<void>;
}

/** Tells whether and how a person can be reached. */
export interface ContactRegister {
  reachable(recipient: string): Promise<boolean>;
}

/** The demo's register: everyone is reachable. */
export const demoContactRegister: ContactRegister = { reachable: async () => true };
