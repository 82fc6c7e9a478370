import type { Library, PlanDefinition, Questionnaire, Resource } from '@medplum/fhirtypes';
import type pg from 'pg';
import type { Bot } from '../bots/bot.ts';
import { botHooks, type CallBot, type ReadyBot } from '../bots/hooks.ts';
import { compileTrigger } from '../bots/trigger.ts';
import type { ProfileLookup } from '../conformance/profiles/profile.ts';
import { r4FhirPath } from '../fhirpath/r4.ts';
import type { Definitions } from '../interactions/engine.ts';
import { customParameters } from '../interactions/indexing/custom-parameters.ts';
import { systemCaller } from '../model/caller.ts';
import { patientCompartmentJson, searchParametersJson } from '../model/r4/r4.generated.js';
import type { SearchParameterData } from '../model/r4/search-parameter-data.ts';
import { expandTrigger } from '../registry/triggers.ts';
import { extractor } from '../search/extract/extractor.ts';
import { patientOf } from '../search/extract/patient-of.ts';
import { referencesOf } from '../search/extract/references-of.ts';
import { searchParameterRegistry } from '../search/parameters/registry.ts';
import type { SearchParameters } from '../search/parameters.ts';
import { currentOfType, typesState } from '../store/read.ts';
import { boundValueSets } from './bound-value-sets.ts';
import { profileLookup } from './profiles.ts';
import { storedTerminology } from './stored-terminology.ts';

/** Types whose resources change what the server does. */
export const DEFINING_TYPES = ['SearchParameter', 'PlanDefinition', 'Questionnaire', 'Library', 'StructureDefinition'];
/** What profiles are made of. Value sets may be many: that one changed is noticed by the next look, not at its commit. */
const PROFILE_TYPES = ['StructureDefinition', 'ValueSet', 'CodeSystem'];

/** Keeps what follows from stored definitions, and makes it anew when they change. */
export class DefinitionsKeeper {
  readonly #pool: pg.Pool;
  readonly #bots: readonly Bot[];
  readonly #baseUrl: string;
  readonly #call: CallBot;
  readonly #hashSeed: string;
  #state = '';
  #profileState = '';
  /** One reads at a time, so that nobody puts older definitions in place of newer ones. */
  #turn: Promise<void> = Promise.resolve();
  #current: Definitions | undefined;
  #ready: ReadonlyMap<string, ReadyBot> = new Map();
  #profiles: ProfileLookup = () => undefined;

  constructor(pool: pg.Pool, bots: readonly Bot[], baseUrl: string, call: CallBot, hashSeed: string) {
    this.#pool = pool;
    this.#bots = bots;
    this.#baseUrl = baseUrl;
    this.#call = call;
    this.#hashSeed = hashSeed;
  }

  get current(): Definitions {
    if (this.#current === undefined) {
      throw new Error('definitions are used before they were read');
    }
    return this.#current;
  }

  get bots(): ReadonlyMap<string, ReadyBot> {
    return this.#ready;
  }

  /** The profiles that resources may name. */
  get profiles(): ProfileLookup {
    return this.#profiles;
  }

  /** Reads the definitions again if they have changed since. */
  refresh(): Promise<void> {
    const turn = this.#turn.then(() => this.#refresh());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #refresh(): Promise<void> {
    const state = await typesState(this.#pool, DEFINING_TYPES);
    if (state !== this.#state) {
      await this.#read();
      this.#state = state;
    }
    const profileState = await typesState(this.#pool, PROFILE_TYPES);
    if (profileState !== this.#profileState) {
      await this.#readProfiles();
      this.#profileState = profileState;
    }
  }

  async #read(): Promise<void> {
    const data = JSON.parse(searchParametersJson) as SearchParameterData[];
    const custom = await customParameters(this.#pool);
    const parameters = searchParameterRegistry(data, custom.parameters);
    const plans = await this.#resources<PlanDefinition>('PlanDefinition');
    const questionnaires = await this.#resources<Questionnaire>('Questionnaire');
    const libraries = await this.#resources<Library>('Library');
    const ready = this.#bots.map((bot) => readyBot(bot, parameters, plans, questionnaires, libraries));
    const baseUrl = this.#baseUrl;
    this.#ready = new Map(ready.map((bot) => [bot.declaration.name, bot]));
    this.#current = {
      generation: custom.generation,
      parameters,
      compartment: Object.entries(JSON.parse(patientCompartmentJson) as Record<string, string[]>).flatMap(
        ([type, codes]) => codes.flatMap((code) => parameters.get(type, code) ?? []),
      ),
      extract: extractor(parameters, { baseUrl }),
      referencesOf: (resource) => referencesOf(resource, baseUrl),
      patientOf: (resource) => patientOf(resource, baseUrl),
      bots: botHooks(ready, this.#call),
    };
  }

  async #readProfiles(): Promise<void> {
    const definitions = await this.#resources('StructureDefinition');
    const finder = storedTerminology(this.#pool, this.#hashSeed, this.#baseUrl);
    this.#profiles = profileLookup(definitions, await boundValueSets(definitions, finder));
  }

  async #resources<T extends Resource>(type: T['resourceType']): Promise<T[]> {
    const stored = await currentOfType(this.#pool, systemCaller, type);
    return stored.map(({ content }) => JSON.parse(content) as T);
  }
}

function readyBot(
  bot: Bot,
  parameters: SearchParameters,
  plans: readonly PlanDefinition[],
  questionnaires: readonly Questionnaire[],
  libraries: readonly Library[],
): ReadyBot {
  const { trigger = [], due } = bot.declaration;
  const triggers = trigger
    .map((criteria) => expandTrigger(criteria, plans, questionnaires, libraries))
    .filter((criteria) => criteria !== undefined)
    .map((criteria) => compileTrigger(parameters, criteria));
  const path = due === undefined ? undefined : r4FhirPath().compile(due, 'Resource');
  return {
    ...bot,
    concerns: (type, rows) => triggers.some((concerns) => concerns(type, rows)),
    dueOf(resource) {
      if (path === undefined) {
        return 0;
      }
      const time = Date.parse(String(path.evaluate(resource)[0] ?? ''));
      return Number.isNaN(time) ? undefined : time;
    },
  };
}
