import { hash, needsRehash, verify } from 'argon2';

/** What a guess costs: see docs/decisions/0053-accounts.md. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP, Password Storage Cheat Sheet: argon2id with at least 19 MiB, two passes and one lane. */
export const owaspCost: HashCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** Passwords and secrets as argon2id hashes, with their parameters in the hash. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Whether it is the password of any of the hashes; the work done tells nothing about how many there are. */
  matches(password: string, hashes: readonly (string | undefined)[]): Promise<number | undefined>;
  /** Whether a hash was made with other parameters than now: to be made anew when the password is at hand. */
  isOutdated(hash: string): boolean;
}

/** Hashes at once, in a process: each holds its memory and a thread that files and DNS need too. */
const AT_ONCE = 2;

/** Salted by the library, 16 random bytes; compared in constant time. Unicode is normalised (NIST SP 800-63B, 3.1.1.2). */
export function passwords(cost: HashCost = owaspCost): Passwords {
  const options = { memoryCost: cost.memoryKiB, timeCost: cost.passes, parallelism: cost.lanes };
  const inTurn = turns(AT_ONCE);
  const hashed = (password: string): Promise<string> => inTurn(() => hash(password.normalize('NFKC'), options));
  let nobodys: Promise<string> | undefined;
  return {
    hash: hashed,
    async matches(password, hashes) {
      nobodys ??= hashed('the password of nobody, for who does not exist');
      for (const [index, given] of hashes.entries()) {
        const against = given ?? (await nobodys);
        const right = await inTurn(() => verify(against, password.normalize('NFKC')));
        if (right && given !== undefined) return index;
      }
      return undefined;
    },
    isOutdated: (given) => needsRehash(given, options),
  };
}

/** Runs what it is given, so many at once, the others in the order in which they came. */
function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
