import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../model/clock.ts';
import type { Secrets } from '../../runtime/secrets.ts';
import type { Strength } from '../identity.ts';
import { loginName } from './account.ts';
import type { Accounts, Credentials, Kept } from './accounts.ts';
import type { Failures } from './failures.ts';
import type { Message, Messenger } from './messenger.ts';
import type { Passwords } from './password.ts';
import { passwordFault } from './password-rules.ts';
import { type RateLimit, type RateLimits, signInLimits } from './rate-limits.ts';
import { type RefusalReason, SignInRefused } from './refusal.ts';
import type { Session, Sessions } from './sessions.ts';
import { nextStep, type RoleChoice, type Step } from './sign-in-step.ts';
import type { Asked, Ticket, Tickets } from './tickets.ts';
import { newTotpSecret, totpStep, totpUri } from './totp.ts';

export interface SignInParts {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly failures: Failures;
  readonly limits: RateLimits;
  readonly tickets: Tickets;
  readonly messenger: Messenger;
  /** The active roles of a person. */
  readonly rolesOf: (fhirUser: string) => Promise<readonly RoleChoice[]>;
  /** Whether everybody must have a second factor. */
  readonly secondFactor: boolean;
  /** Tells the operator and the audit what came of a try. @param account its id, where somebody has signed in */
  readonly observe: (outcome: SignInOutcome, account?: string) => void;
}

/** What came of a password or a code that was shown. */
export type SignInOutcome = RefusalReason['kind'] | 'signed-in';

/** From where, and in which language the person reads. */
export interface Circumstances {
  readonly address: string;
  readonly language: Message['language'];
}

/** Where a sign-in stands; `step` is what the person has to do. */
export interface Progress {
  readonly ticket: string;
  readonly asked: Asked;
  readonly login: string;
  readonly step: Step;
}

export interface Finished {
  readonly session: Session;
  /** The value of the session's cookie. */
  readonly cookie: string;
  readonly asked: Asked;
}

const CODE_MS = 5 * 60_000;
const CODE_TRIES_MAX = 5;

/**
 * Signing in, step by step, the same for pages, authorization requests and MedplumClient: password, second factor, a
 * password of one's own where it was sent, role. Every step but the first needs the ticket of the one before; each
 * throws SignInRefused.
 */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** @param login as typed */
  begin(login: string, password: string, asked: Asked, circumstances: Circumstances): Promise<Progress> {
    return this.#observed(this.#begin(login, password, asked, circumstances));
  }

  async #begin(login: string, password: string, asked: Asked, { address, language }: Circumstances): Promise<Progress> {
    const { accounts, failures, passwords, tickets } = this.#parts;
    await this.#within(signInLimits.passwordsByAddress, address);
    const admission = await failures.admit(login);
    if (!admission.admitted) throw refused({ kind: 'wait', wait_ms: admission.wait_ms });
    const account = await accounts.named(login);
    const right = await passwords.matches(password, [account?.passwordHash, account?.temporaryHash]);
    if (account === undefined || right === undefined) throw refused({ kind: 'credentials' });
    await failures.forget(login, 'password');
    if (account.state === 'locked') throw refused({ kind: 'locked' });
    if (right === 0 && account.passwordHash !== undefined && passwords.isOutdated(account.passwordHash)) {
      await accounts.rehash(account.id, password, account.passwordHash);
    }
    const ticket = await tickets.issue(account.id, asked, right === 1);
    const progress = await this.progress(ticket);
    if (progress.step.kind === 'code' && progress.step.by === 'message') await this.sendCode(ticket, language);
    return progress;
  }

  async progress(ticket: string): Promise<Progress> {
    const { account, step, found } = await this.#at(ticket);
    return { ticket, asked: found.asked, login: account.login, step };
  }

  /** Sends a code to the person's telephone; the one before is worth nothing any more. */
  async sendCode(ticket: string, language: Message['language']): Promise<void> {
    const { account, step, found } = await this.#at(ticket);
    if (step.kind !== 'code' || step.by !== 'message') throw refused({ kind: 'ended' });
    await this.#within(signInLimits.codesByAccount, account.id);
    const to = await this.#parts.accounts.mobileOf(account.id);
    if (to === undefined) throw refused({ kind: 'ended' });
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await this.#parts.tickets.codeSent(found, this.#codeHash(found, code), this.#now() + CODE_MS);
    await this.#parts.messenger.send({ to, language, content: { kind: 'code', code } });
  }

  /** The second factor: of the authenticator app, or as it was sent. */
  showCode(ticket: string, code: string): Promise<Progress> {
    return this.#observed(this.#showCode(ticket, code));
  }

  async #showCode(ticket: string, code: string): Promise<Progress> {
    const { account, step, found } = await this.#at(ticket);
    if (step.kind !== 'code') throw refused({ kind: 'ended' });
    await this.#countTry(account, found);
    const right =
      step.by === 'totp' ? await this.#rightTotp(account, code) : await this.#rightMessage(found, code.trim());
    if (!right) throw refused({ kind: 'code' });
    await this.#parts.failures.forget(account.login, 'second factor');
    await this.#parts.tickets.secondShown(found);
    return this.progress(ticket);
  }

  /** What the authenticator app that is being added reads; the same for the whole sign-in. */
  async enrolment(ticket: string): Promise<{ readonly uri: string; readonly secret: string }> {
    const { account, step, found } = await this.#at(ticket);
    if (step.kind !== 'enrol') throw refused({ kind: 'ended' });
    const { accounts, tickets } = this.#parts;
    if (found.totp === undefined) {
      await tickets.enrolling(found, accounts.sealTotp(newTotpSecret()));
    }
    const sealed = (await tickets.find(ticket))?.totp;
    if (sealed === undefined) throw refused({ kind: 'ended' });
    const secret = accounts.unsealTotp(sealed);
    return { secret, uri: totpUri(secret, account.login) };
  }

  /** Adds the authenticator app, once it has shown that it works. */
  async enrol(ticket: string, code: string): Promise<Progress> {
    const { account, step, found } = await this.#at(ticket);
    if (step.kind !== 'enrol' || found.totp === undefined) throw refused({ kind: 'ended' });
    await this.#countTry(account, found);
    const { accounts, tickets, clock } = this.#parts;
    const used = totpStep(accounts.unsealTotp(found.totp), digits(code), clock.now());
    if (used === undefined) throw refused({ kind: 'code' });
    await accounts.setTotp(account.id, found.totp, used);
    await this.#parts.failures.forget(account.login, 'second factor');
    await tickets.secondShown(found);
    return this.progress(ticket);
  }

  /** A password of one's own, in place of the one that was sent. */
  async choosePassword(ticket: string, password: string): Promise<Progress> {
    const { account, step, found } = await this.#at(ticket);
    if (step.kind !== 'new-password') throw refused({ kind: 'ended' });
    await this.#setPassword(account, password, { ticket: found.hash });
    await this.#parts.tickets.renewed(found);
    return this.progress(ticket);
  }

  async chooseRole(ticket: string, role: string): Promise<Progress> {
    const { step, found } = await this.#at(ticket);
    if (step.kind !== 'role') throw refused({ kind: 'ended' });
    if (step.roles.some(({ id }) => id === role)) await this.#parts.tickets.chosen(found, role);
    return this.progress(ticket);
  }

  /** Makes the session, once; every step has been done. */
  async finish(ticket: string): Promise<Finished> {
    const { account, step, found, roles } = await this.#at(ticket);
    if (step.kind !== 'done' || !(await this.#parts.tickets.end(found))) throw refused({ kind: 'ended' });
    const strength: Strength = found.second ? 'two-factor' : 'password';
    // one that was chosen may have ended since
    const role = (roles.find(({ id }) => id === found.role) ?? roles[0])?.id;
    const { session, cookie } = await this.#parts.sessions.begin({
      subject: account.id,
      fhirUser: account.fhirUser,
      ...(role === undefined ? {} : { role }),
      strength,
    });
    // who was locked in the meantime was so before their sessions were ended, which may have been before this one began
    if ((await this.#parts.accounts.find(account.id))?.state !== 'active') {
      await this.#parts.sessions.revoke(session.id);
      throw refused({ kind: 'ended' });
    }
    this.#parts.observe('signed-in', account.id);
    return { session, cookie, asked: found.asked };
  }

  /**
   * Changes the password of who is signed in; every other session is over.
   *
   * @throws SignInRefused too where the present password is wrong: those tries count as sign-ins
   */
  changePassword(session: Session, old: string, password: string): Promise<void> {
    return this.#observed(this.#changePassword(session, old, password));
  }

  async #changePassword(session: Session, old: string, password: string): Promise<void> {
    const { accounts, failures, passwords } = this.#parts;
    const account = await accounts.find(session.subject);
    if (account === undefined) throw refused({ kind: 'ended' });
    const admission = await failures.admit(account.login);
    if (!admission.admitted) throw refused({ kind: 'wait', wait_ms: admission.wait_ms });
    if ((await passwords.matches(old, [account.passwordHash])) === undefined) throw refused({ kind: 'credentials' });
    await failures.forget(account.login, 'password');
    await this.#setPassword(account, password, { session: session.id });
  }

  /**
   * Sends a password that may be used once to choose a new one; told to nobody is whether there is such an account, not by
   * the time that it takes either: what is done for one goes on when this has been answered. Where a second factor is
   * demanded, only an account with an authenticator app gets one: else a telephone alone would open it.
   *
   * @returns what goes on; it rejects where nothing may have been sent
   */
  async forgotten(login: string, { address, language }: Circumstances): Promise<{ readonly sent: Promise<void> }> {
    await this.#within(signInLimits.forgottenByAddress, address);
    await this.#within(signInLimits.forgottenByAccount, loginName(login));
    return { sent: this.#sendForgotten(login, language) };
  }

  async #sendForgotten(login: string, language: Message['language']): Promise<void> {
    const { accounts, messenger, secondFactor } = this.#parts;
    const account = await accounts.named(login);
    const to = account?.state === 'active' ? await accounts.mobileOf(account.id) : undefined;
    if (account === undefined || to === undefined) return;
    // a first password that was lost is sent again: there is nothing to take over yet
    if (secondFactor && !account.totp && account.ready) {
      await messenger.send({ to, language, content: { kind: 'ask-coordinator' } });
      return;
    }
    const password = await accounts.temporaryPassword(account.id, { anew: false });
    await messenger.send({ to, language, content: { kind: 'password', password } });
  }

  #observed<T>(work: Promise<T>): Promise<T> {
    return work.catch((problem: unknown) => {
      if (problem instanceof SignInRefused) this.#parts.observe(problem.reason.kind);
      throw problem;
    });
  }

  async #setPassword(account: Credentials, password: string, keep: Kept): Promise<void> {
    const { accounts, passwords } = this.#parts;
    const fault = passwordFault(password, [account.login]);
    if (fault !== undefined) throw refused({ kind: 'password', fault });
    const known = [account.passwordHash, account.temporaryHash].filter((hash) => hash !== undefined);
    if ((await passwords.matches(password, known)) !== undefined) throw refused({ kind: 'password', fault: 'same' });
    await accounts.setPassword(account.id, password, keep);
  }

  /** The sign-in of a ticket, its account, and what comes next. */
  async #at(
    ticket: string,
  ): Promise<{ account: Credentials; found: Ticket; roles: readonly RoleChoice[]; step: Step }> {
    const { accounts, tickets, rolesOf, secondFactor } = this.#parts;
    const found = await tickets.find(ticket);
    const account = found && (await accounts.find(found.account));
    if (found === undefined || account?.state !== 'active') throw refused({ kind: 'ended' });
    const needed = secondFactor && !account.demo;
    // who has not shown the second factor learns nothing of the roles, and costs no search
    const before = nextStep(account, found, needed, []);
    if (before.kind !== 'done') return { account, found, roles: [], step: before };
    const roles = await rolesOf(account.fhirUser);
    return { account, found, roles, step: nextStep(account, found, needed, roles) };
  }

  /** NIST SP 800-63B (3.2.2) counts wrong codes like wrong passwords: whoever has the password may not guess for ever. */
  async #countTry(account: Credentials, found: Ticket): Promise<void> {
    if (!(await this.#parts.tickets.tried(found, CODE_TRIES_MAX))) {
      await this.#parts.tickets.end(found);
      throw refused({ kind: 'ended' });
    }
    const admission = await this.#parts.failures.admit(account.login, 'second factor');
    if (!admission.admitted) throw refused({ kind: 'wait', wait_ms: admission.wait_ms });
  }

  async #rightTotp(account: Credentials, code: string): Promise<boolean> {
    const { accounts, clock } = this.#parts;
    if (account.totpSealed === undefined) return false;
    const step = totpStep(accounts.unsealTotp(account.totpSealed), digits(code), clock.now());
    return step !== undefined && (await accounts.useTotpStep(account.id, step));
  }

  async #rightMessage(found: Ticket, code: string): Promise<boolean> {
    if (found.code === undefined || found.codeUntil <= this.#now()) return false;
    const given = this.#codeHash(found, digits(code));
    return timingSafeEqual(given, found.code) && (await this.#parts.tickets.codeUsed(found, found.code));
  }

  /** Bound to its sign-in: a code is worth nothing in another. */
  #codeHash({ hash }: Ticket, code: string): Buffer {
    return createHmac('sha256', this.#parts.secrets.key('codes of sign-ins')).update(hash).update(code).digest();
  }

  async #within(limit: RateLimit, who: string): Promise<void> {
    const wait_ms = await this.#parts.limits.exceeded(limit, who);
    if (wait_ms !== undefined) throw refused({ kind: 'wait', wait_ms });
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }
}

/** A code as people copy it: with blanks. */
function digits(code: string): string {
  return code.replace(/\s/g, '');
}

function refused(reason: RefusalReason): SignInRefused {
  return new SignInRefused(reason);
}
