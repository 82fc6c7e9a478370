import { error, type Issue, type IssueCode } from '../model/issue.ts';
import type { Container } from './container.ts';
import type { JsonObject } from './json.ts';
import { Path } from './path.ts';
import type { ProfileLookup } from './profiles/profile.ts';

/** Elements above one another; no real resource comes near, and a hostile one must not exhaust the stack. */
export const DEPTH_MAX = 128;

/** Faults of one resource that are told; what comes after is not looked for. As many warnings at most. */
const FAULTS_MAX = 100;

/** Checks within checks whose outcome is only asked for: each level multiplies the time that a value takes. */
const TRIALS_MAX = 3;

/** What one validation knows as it goes through a resource: where it is, what it has found, which resource it is in. */
export class Walk {
  readonly path: Path;
  readonly profiles: ProfileLookup | undefined;
  /** The type of what stands at each depth of the path: `Patient`, `HumanName`, `date`. As long as it gets: it never grows. */
  readonly types: string[] = new Array<string>(DEPTH_MAX + 2).fill('');
  readonly #issues: Issue[] = [];
  #unknownProfiles = new Set<string>();
  /** How many faults of severity error have been found. */
  errors = 0;
  #warnings = 0;
  #trials = 0;
  /** The resource that the walk is in (%resource). */
  resource: JsonObject;
  /** The resource that `#id` references are looked up in, with what is known of them. */
  container: Container;

  constructor(root: string, resource: JsonObject, container: Container, profiles: ProfileLookup | undefined) {
    this.path = new Path(root);
    this.resource = resource;
    this.container = container;
    this.profiles = profiles;
  }

  /** A fault at this place, or at a member of it. */
  fault(code: IssueCode, diagnostics: string, member?: string): void {
    this.errors += 1;
    if (!this.full) {
      this.#issues.push(error(code, diagnostics, this.path.expression(member)));
    }
  }

  warning(code: IssueCode, diagnostics: string, member?: string): void {
    if (this.#warnings < FAULTS_MAX) {
      this.#warnings += 1;
      this.#issues.push({ severity: 'warning', code, diagnostics, expression: [this.path.expression(member)] });
    }
  }

  /** Told once for each profile, however many resources of a Bundle name it. */
  unknownProfile(canonical: string, member?: string): void {
    if (!this.#unknownProfiles.has(canonical)) {
      this.#unknownProfiles.add(canonical);
      this.warning(
        'not-supported',
        `The profile ${canonical} is not known here; nothing was checked against it.`,
        member,
      );
    }
  }

  /**
   * Whether a check at this place finds no error; what it tells is dropped. Undefined where that would be a check within
   * too many others.
   */
  passes(check: () => void): boolean | undefined {
    if (this.#trials >= TRIALS_MAX) {
      return undefined;
    }
    const { errors } = this;
    const warnings = this.#warnings;
    const told = this.#issues.length;
    const unknownProfiles = [...this.#unknownProfiles];
    this.#trials += 1;
    check();
    this.#trials -= 1;
    const passed = this.errors === errors;
    this.errors = errors;
    this.#warnings = warnings;
    this.#issues.length = told;
    this.#unknownProfiles = new Set(unknownProfiles);
    return passed;
  }

  /** True when enough has been found, and looking for more would only cost time. */
  get full(): boolean {
    return this.errors > FAULTS_MAX;
  }

  issues(): Issue[] {
    return this.full
      ? [...this.#issues, error('incomplete', `Only the first ${FAULTS_MAX} faults are listed.`)]
      : this.#issues;
  }
}
