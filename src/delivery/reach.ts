import type { Way } from './channel.ts';
import { ageAt, type Contact } from './contact.ts';

/**
 * Whether somebody can be reached by a national service that knows people by their number, and takes them from an age on.
 * Who has opted out of digital communication is sent nothing by any channel.
 */
export function reachByNumber(contact: Contact, at: Date, yearsMin: number): Way {
  const { nationalNumber, registered, reserved } = contact;
  if (nationalNumber === undefined) return { unreachable: 'no-national-number' };
  if (!registered) return { unreachable: 'not-in-register' };
  if (reserved) return { unreachable: 'reserved' };
  const age = ageAt(contact, at);
  if (age === undefined) return { unreachable: 'age-unknown' };
  return age < yearsMin ? { unreachable: 'too-young' } : { address: nationalNumber };
}

/** Whether somebody can be reached by e-mail or SMS, at what the register has of them. */
export function reachAtPoint({ registered, reserved, ...contact }: Contact, kind: 'email' | 'mobile'): Way {
  if (!registered) {
    // the register knows people by their number alone
    return { unreachable: contact.nationalNumber === undefined ? 'no-national-number' : 'not-in-register' };
  }
  if (reserved) return { unreachable: 'reserved' };
  const point = contact[kind];
  if (point === undefined) return { unreachable: kind === 'email' ? 'no-email' : 'no-mobile' };
  return point.current ? { address: point.value } : { unreachable: 'contact-data-too-old' };
}
