/**
 * Why nothing was fetched. The message is for the operator's log: it names the origin at most, never a path, a query or
 * what the other side said.
 */
export class EgressFault extends Error {
  override readonly name = 'EgressFault';
  readonly code: EgressFaultCode;

  constructor(code: EgressFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * `address-invalid` what is no https address, or holds credentials; `not-configured` an origin that is not on the list;
 * `address-forbidden` a name that resolves to where the list does not allow it; `redirect`, `too-large`, `content-type`
 * answers that are refused; `timeout`, `unreachable` no answer.
 */
export type EgressFaultCode =
  | 'address-invalid'
  | 'not-configured'
  | 'address-forbidden'
  | 'redirect'
  | 'too-large'
  | 'content-type'
  | 'timeout'
  | 'unreachable';
