import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';

/** A command of the command line, such as `serve`. */
export interface Command {
  /** One line for `--help`. */
  readonly summary: string;
  /** What follows the command's name, for `--help`, such as `<folder or .tgz>`. */
  readonly operands: string;
  /** The command's own flags (without a value), and what each means. */
  readonly flags: Readonly<Record<string, string>>;
  /** The command's own flags with a value, and what each means. */
  readonly options?: Readonly<Record<string, string>>;
  /** Rejects with words for the operator. */
  run(invocation: Invocation): Promise<void>;
}

export interface Invocation {
  readonly settings: Settings;
  readonly log: Log;
  readonly operands: readonly string[];
  /** The command's own flags that were given. */
  readonly flags: ReadonlySet<string>;
  /** The values of the command's own options that were given. */
  readonly options: Readonly<Record<string, string>>;
}
