import type { Account } from '../identity/accounts/account.ts';
import type { Command, Invocation } from './command.ts';

const WHICH = 'account takes add, list, lock, unlock or reset-password, as in: npm run svar -- account list';

/** What an operator does with accounts; docs/operations.md, "Accounts". */
export const account: Command = {
  summary: 'add, list, lock or unlock accounts of people, or give one a new password',
  operands: '<add|list|lock|unlock|reset-password> [login]',
  flags: {},
  options: {
    person: 'add: whose account it is, as Practitioner/<id> or Patient/<id>',
    mobile: 'add: the telephone that codes and first passwords are sent to, as +4790000000',
  },
  async run({ settings, log, operands, options }) {
    const [action = '', login, ...more] = operands;
    if (!['add', 'list', 'lock', 'unlock', 'reset-password'].includes(action) || more.length > 0)
      throw new Error(WHICH);
    if ((login === undefined) !== (action === 'list'))
      throw new Error(`account ${action} takes a login name: ${WHICH}`);
    const [{ openDatabase }, { migrate }, { accountDesk }, { serverSecrets }] = await Promise.all([
      import('../runtime/database.ts'),
      import('../store/migrate.ts'),
      import('../server/account-desk.ts'),
      import('../server/server-secrets.ts'),
    ]);
    const database = await openDatabase(settings, log);
    try {
      await migrate(database.pool, { log: (message) => log.info(message) });
      const desk = accountDesk(database.pool, await serverSecrets(settings), settings);
      process.stdout.write(await done(desk, action, login ?? '', options));
    } finally {
      await database.stop();
    }
  },
};

type Desk = ReturnType<typeof import('../server/account-desk.ts').accountDesk>;

/** @returns what the operator reads */
async function done(desk: Desk, action: string, login: string, options: Invocation['options']): Promise<string> {
  switch (action) {
    case 'add': {
      const { person, mobile } = options;
      if (person === undefined) throw new Error('account add needs --person Practitioner/<id> or Patient/<id>.');
      const { temporary } = await desk.add({ login, fhirUser: person, ...(mobile === undefined ? {} : { mobile }) });
      return `The account ${login} is made. ${handOver(temporary)}`;
    }
    case 'list':
      return (await desk.list()).map((each) => `${lineOf(each)}\n`).join('');
    case 'lock':
      await desk.lock(login);
      return `${login} is locked, and signed out everywhere.\n`;
    case 'unlock':
      await desk.unlock(login);
      return `${login} is unlocked; failed sign-ins are forgotten.\n`;
    default:
      return `The old password and the authenticator app of ${login} are gone. ${handOver(await desk.resetPassword(login))}`;
  }
}

function handOver(temporary: string): string {
  return `First password, for seven days, once: ${temporary}\nGive it to its owner in a way that nobody else sees.\n`;
}

function lineOf({ login, fhirUser, state, totp, mobile, ready, demo }: Account): string {
  const second = totp ? 'authenticator app' : mobile ? 'codes by SMS' : 'no second factor';
  const marks = [state, ready ? '' : 'waits for its first sign-in', demo ? 'demo' : ''].filter((mark) => mark !== '');
  return [login.padEnd(24), fhirUser.padEnd(32), second.padEnd(18), marks.join(', ')].join(' ').trimEnd();
}
