import type {
  CodeSystem,
  ValueSet,
  ValueSetCompose,
  ValueSetComposeInclude,
  ValueSetComposeIncludeConceptDesignation,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import { type FhirError, fhirError, type IssueCode } from '../model/issue.ts';
import { requiredValueSet } from '../model/r4/value-sets.ts';
import { type Codes, codesFrom, difference, intersection, union } from './codes.ts';
import { filterTest } from './filter.ts';
import type { TerminologyFinder } from './finder.ts';
import { type Hierarchy, hierarchyOf, isInactive } from './hierarchy.ts';
import { named } from './named.ts';

/** The most value sets that one may be made of, itself included. */
const VALUE_SETS_MAX = 100;
/** The most code systems that one expansion may look into. */
const SYSTEMS_MAX = 100;
/** R4's own value sets, which nobody has to load, have this version. */
const R4_VERSION = '4.0.1';
/** Extensions by which an expansion says that there is more than it lists. */
const OPEN = ['valueset-unclosed', 'valueset-toocostly'].map(
  (name) => `http://hl7.org/fhir/StructureDefinition/${name}`,
);

/** A code system that is here, with its hierarchy. */
export interface KnownSystem {
  readonly codeSystem: CodeSystem;
  readonly hierarchy: Hierarchy;
}

/** What a value set says of a code beside that it has it. */
export interface ValueSetTexts {
  readonly display?: string;
  readonly designation?: ValueSetComposeIncludeConceptDesignation[];
}

/** One expansion, with what it has met so far. */
export class Expansion {
  readonly #root: string;
  readonly #finder: TerminologyFinder;
  readonly #done = new Map<string, Codes>();
  /** The value sets that are being worked out, each for the one before. */
  readonly #open = new Set<string>();
  readonly #systems = new Map<string, KnownSystem | undefined>();
  /** Texts of codes, by system and code; the first value set that has one is believed. */
  readonly #texts = new Map<string, Map<string, ValueSetTexts>>();
  /** Code systems of which a version is named, with that version. */
  readonly #used = new Map<string, string>();
  readonly #status: number;

  /**
   * @param root how refusals name the value set that is asked for
   * @param status of a refusal: 400 within a search, 422 where the value set itself is asked for
   */
  constructor(root: string, finder: TerminologyFinder, status = 400) {
    this.#root = root;
    this.#finder = finder;
    this.#status = status;
  }

  /** What value sets say of a code that was met. */
  texts(system: string, code: string): ValueSetTexts | undefined {
    return this.#texts.get(system)?.get(code);
  }

  /** The code system in the version that the value set takes codes from. */
  async usedSystem(system: string): Promise<KnownSystem | undefined> {
    return this.system(this.#used.get(system) ?? system);
  }

  /** The codes of a value set that need not be stored. */
  async codesOf(valueSet: ValueSet): Promise<Codes> {
    return valueSet.compose === undefined ? this.#listed(valueSet) : this.#composed(valueSet.compose);
  }

  /** The codes of a value set by its canonical. */
  async codes(canonical: string): Promise<Codes> {
    const known = this.#done.get(canonical);
    if (known !== undefined) {
      return known;
    }
    if (this.#open.has(canonical)) {
      throw this.#refusal('processing', `${named(canonical)} refers to itself`);
    }
    if (this.#open.size + this.#done.size >= VALUE_SETS_MAX) {
      throw this.#refusal('too-costly', `it is made of more than ${VALUE_SETS_MAX} value sets`);
    }
    this.#open.add(canonical);
    const codes = await this.#find(canonical);
    this.#open.delete(canonical);
    this.#done.set(canonical, codes);
    return codes;
  }

  async #find(canonical: string): Promise<Codes> {
    const valueSet = await this.#finder.valueSet(canonical);
    if (valueSet !== undefined) {
      return this.codesOf(valueSet);
    }
    const [url = '', version = R4_VERSION] = canonical.split('|');
    const own = version === R4_VERSION ? requiredValueSet(url) : undefined;
    if (own !== undefined) {
      return codesFrom(own);
    }
    throw canonical === this.#root
      ? fhirError(this.#status === 400 ? 400 : 404, 'not-found', `The value set ${named(canonical)} is not known here.`)
      : this.#refusal('not-found', `the value set ${named(canonical)} in it is not known here`);
  }

  async #composed(compose: ValueSetCompose): Promise<Codes> {
    const activeOnly = compose.inactive === false;
    const included: Codes[] = [];
    for (const include of compose.include ?? []) {
      included.push(await this.#selected(include, activeOnly));
    }
    const excluded: Codes[] = [];
    for (const exclude of compose.exclude ?? []) {
      excluded.push(await this.#selected(exclude, false));
    }
    return difference(union(included), union(excluded));
  }

  /** What stands in one include or exclude holds together: the system's codes that all its value sets have. */
  async #selected(include: ValueSetComposeInclude, activeOnly: boolean): Promise<Codes> {
    const parts: Codes[] = [];
    if (include.system !== undefined) {
      parts.push(new Map([[include.system, await this.#ofSystem(include, include.system, activeOnly)]]));
    }
    for (const canonical of include.valueSet ?? []) {
      parts.push(await this.codes(canonical));
    }
    const [first, ...others] = parts;
    if (first === undefined) {
      throw this.#refusal('not-supported', 'a part of it names neither a system nor a value set');
    }
    return others.reduce(intersection, first);
  }

  async #ofSystem(include: ValueSetComposeInclude, system: string, activeOnly: boolean): Promise<ReadonlySet<string>> {
    const canonical = include.version === undefined ? system : `${system}|${include.version}`;
    if (include.version !== undefined) {
      this.#used.set(system, canonical);
    }
    if (include.concept !== undefined) {
      for (const each of include.concept) {
        this.#saw(system, each);
      }
      const listed = include.concept.flatMap(({ code }) => code ?? []);
      const concepts = activeOnly ? (await this.system(canonical))?.hierarchy.concepts : undefined;
      return new Set(listed.filter((code) => !isInactive(concepts?.get(code))));
    }
    const known = await this.system(canonical);
    if (known === undefined) {
      throw this.#refusal('not-supported', `the code system ${named(canonical)} is not known here`);
    }
    const { codeSystem, hierarchy } = known;
    if (codeSystem.content !== 'complete') {
      throw this.#refusal(
        'not-supported',
        `of the code system ${named(canonical)} only a part is here (content ${codeSystem.content})`,
      );
    }
    const tests = (include.filter ?? []).map((filter) => {
      const test = filterTest(filter, codeSystem, hierarchy);
      if (test === undefined) {
        throw this.#refusal(
          'not-supported',
          `the filter ${filter.property} ${filter.op} on ${named(canonical)} cannot be worked out`,
        );
      }
      return test;
    });
    return new Set(
      [...hierarchy.concepts.keys()].filter(
        (code) => tests.every((test) => test(code)) && !(activeOnly && isInactive(hierarchy.concepts.get(code))),
      ),
    );
  }

  #saw(system: string, { code = '', display, designation }: ValueSetTexts & { readonly code?: string }): void {
    const known = this.#texts.get(system) ?? new Map<string, ValueSetTexts>();
    this.#texts.set(system, known);
    if (!known.has(code) && (display !== undefined || designation !== undefined)) {
      known.set(code, { ...(display !== undefined && { display }), ...(designation && { designation }) });
    }
  }

  /** A code system by its canonical, with its hierarchy. */
  async system(canonical: string): Promise<KnownSystem | undefined> {
    if (!this.#systems.has(canonical)) {
      if (this.#systems.size >= SYSTEMS_MAX) {
        throw this.#refusal('too-costly', `it has codes of more than ${SYSTEMS_MAX} code systems`);
      }
      const codeSystem = await this.#finder.codeSystem(canonical);
      this.#systems.set(canonical, codeSystem && { codeSystem, hierarchy: hierarchyOf(codeSystem) });
    }
    return this.#systems.get(canonical);
  }

  /** The codes of an expansion that was stored; abstract ones are there to find one's way only. */
  #listed({ expansion }: ValueSet): Codes {
    if (expansion === undefined) {
      throw this.#refusal('not-supported', 'it has neither compose nor expansion');
    }
    const all: ValueSetExpansionContains[] = [...(expansion.contains ?? [])];
    for (const each of all) {
      for (const below of each.contains ?? []) {
        all.push(below);
      }
    }
    const coded = all.filter(({ code }) => code !== undefined);
    for (const each of coded) {
      this.#saw(each.system ?? '', each);
    }
    const open = expansion.extension?.some(
      ({ url, valueBoolean }) => OPEN.includes(url ?? '') && valueBoolean !== false,
    );
    if (open || (expansion.offset ?? 0) > 0 || (expansion.total ?? 0) > coded.length) {
      throw this.#refusal('not-supported', 'its expansion is not complete');
    }
    return union(
      coded
        .filter(({ abstract }) => abstract !== true)
        .map(({ system = '', code = '' }) => new Map([[system, new Set([code])]])),
    );
  }

  #refusal(code: IssueCode, reason: string): FhirError {
    return fhirError(this.#status, code, `The value set ${named(this.#root)} cannot be listed: ${reason}.`);
  }
}
