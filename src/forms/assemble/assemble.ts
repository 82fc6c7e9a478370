import type { Extension, Questionnaire, QuestionnaireItem, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { error, FhirError, type Issue } from '../../model/issue.ts';
import { recordsOf, strictest, withRecord, wordingUrl } from '../text/record.ts';
import { takeContained, withNewIds } from './contained.ts';
import { definedElement, fillFromDefinition, splitDefinition } from './definition.ts';
import { moduleOf } from './module.ts';
import { namesOf, type Site, scope, variableUrl } from './site.ts';

/** What a modular form is put together from; undefined for what is not to be had. */
export interface Parts {
  questionnaire(canonical: string): Questionnaire | undefined;
  structure(canonical: string): StructureDefinition | undefined;
}

export interface Assembled {
  readonly questionnaire: Questionnaire;
  /** Warnings. */
  readonly issues: readonly Issue[];
}

const core = 'http://hl7.org/fhir/StructureDefinition/';
const sdc = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const expectationUrl = `${sdc}assemble-expectation`;
const contextUrl = `${sdc}assembleContext`;
const assembledFromUrl = `${sdc}assembledFrom`;
const PREFIX = 'linkIdPrefix';

/** Of a module, what belongs to the form as a whole … */
const ofTheWhole: ReadonlySet<string> = new Set([
  ...['launchContext', 'sourceQueries', 'sourceStructureMap', 'targetStructureMap'].map((name) => sdc + name),
  `${core}cqf-library`,
]);
/** … and what is said of the module only. All else goes to the item that holds the module. */
const ofTheModule: ReadonlySet<string> = new Set([
  expectationUrl,
  contextUrl,
  assembledFromUrl,
  wordingUrl,
  'http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.versionAlgorithm[x]',
  `${core}artifact-versionAlgorithm`,
  `${core}questionnaire-derivationType`,
]);

/** A module in a module in a module … */
const DEPTH_MAX = 10;
const ITEMS_MAX = 10_000;

/**
 * Puts a modular form together (SDC 4, "Modular forms"): a display item with `subQuestionnaire` is replaced by the items
 * of the form that it names, with linkIds under the `linkIdPrefix` in force; extensions, variables and contained resources
 * of the module follow it; items with a `definition` are filled in from it.
 *
 * @throws FhirError 422 with one issue a fault: a module that is not to be had, that is no module, that holds itself, whose
 *   `assembleContext` is not there, whose variables are called as others, a condition on the item that is replaced
 */
export function assemble(root: Questionnaire, parts: Parts): Assembled {
  return new Assembly(parts).run(root);
}

/** The canonicals of the modules that a form names itself, and of the definitions of its items: what to fetch first. */
export function modulesOf(questionnaire: Questionnaire): readonly string[] {
  const found = new Set<string>();
  const walk = (items: readonly QuestionnaireItem[]): void => {
    for (const item of items) {
      const canonical = moduleOf(item);
      if (canonical !== undefined) found.add(canonical);
      walk(item.item ?? []);
    }
  };
  walk(questionnaire.item ?? []);
  return [...found];
}

class Assembly {
  readonly #parts: Parts;
  readonly #faults: Issue[] = [];
  readonly #warnings: Issue[] = [];
  readonly #contained: Resource[] = [];
  readonly #whole: Extension[] = [];
  readonly #from = new Set<string>();
  readonly #modules: Questionnaire[] = [];
  #items = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  run(root: Questionnaire): Assembled {
    const expectation = codeOf(root.extension, expectationUrl);
    if (expectation?.endsWith('-child') === true && !expectation.endsWith('-or-child')) {
      this.#fault('This form is a module: it cannot be assembled on its own.', 'Questionnaire.extension');
    }
    this.#contained.push(...(root.contained ?? []));
    const own = (root.extension ?? []).filter((each) => each.url !== expectationUrl);
    const site = scope(
      { modules: [versioned(root)], names: new Set(), prefixes: new Map(), prefix: '', path: 'Questionnaire' },
      own,
    );
    const { items, extensions } = this.#assembleItems(root.item ?? [], site);
    if (this.#faults.length > 0) {
      throw new FhirError(422, this.#faults);
    }
    const extension = [
      ...own,
      ...[...this.#from].map((valueCanonical) => ({ url: assembledFromUrl, valueCanonical })),
      ...this.#whole,
      ...extensions,
    ];
    const { contained: _contained, extension: _extension, item: _item, ...rest } = root;
    const questionnaire: Questionnaire = {
      ...rest,
      ...(this.#contained.length > 0 ? { contained: this.#contained } : {}),
      ...(extension.length > 0 ? { extension: withoutRepetition(extension) } : {}),
      ...(items.length > 0 ? { item: items } : {}),
    };
    return { questionnaire: this.#worded(questionnaire), issues: this.#warnings };
  }

  /** The form with what holds for the words of all its modules. */
  #worded(questionnaire: Questionnaire): Questionnaire {
    return this.#modules.flatMap(recordsOf).reduce((form, record) => {
      const own = recordsOf(form).find(({ language }) => language === record.language);
      return withRecord(form, own === undefined ? record : strictest(own, record));
    }, questionnaire);
  }

  /** The items in place of those given, and the extensions that the modules among them hand to what holds them. */
  #assembleItems(
    source: readonly QuestionnaireItem[],
    site: Site,
  ): { items: QuestionnaireItem[]; extensions: Extension[] } {
    const items: QuestionnaireItem[] = [];
    const extensions: Extension[] = [];
    source.forEach((item, index) => {
      const here = { ...site, path: `${site.path}.item[${index}]` };
      const canonical = moduleOf(item);
      if (canonical === undefined) {
        items.push(this.#assembleItem(item, here));
        return;
      }
      const module = this.#module(item, canonical, here);
      if (module !== undefined) {
        items.push(...module.items);
        extensions.push(...module.extensions);
      }
    });
    return { items, extensions };
  }

  #assembleItem(source: QuestionnaireItem, site: Site): QuestionnaireItem {
    this.#items += 1;
    if (this.#items > ITEMS_MAX) {
      throw new FhirError(422, [error('too-costly', `The form would have more than ${ITEMS_MAX} items.`)]);
    }
    const filled = this.#filled(source, site);
    const inside = scope(site, filled.extension ?? []);
    const { items, extensions } = this.#assembleItems(filled.item ?? [], inside);
    this.#refuseCollisions(filled.extension ?? [], extensions, site.path);
    const extension = withoutRepetition([...(filled.extension ?? []), ...extensions]);
    return {
      ...filled,
      linkId: site.prefix + filled.linkId,
      ...(filled.enableWhen === undefined
        ? {}
        : { enableWhen: filled.enableWhen.map((rule) => ({ ...rule, question: site.prefix + rule.question })) }),
      ...(extension.length > 0 ? { extension } : {}),
      ...(items.length > 0 ? { item: items } : {}),
    };
  }

  #filled(item: QuestionnaireItem, site: Site): QuestionnaireItem {
    if (item.definition?.includes('#') !== true) return item;
    const [canonical, id] = splitDefinition(item.definition);
    const structure = this.#parts.structure(canonical);
    if (structure === undefined || definedElement(structure, id) === undefined) {
      this.#warnings.push({
        severity: 'warning',
        code: 'not-found',
        diagnostics: `The definition ${item.definition} is not known here: the item is left as it is.`,
        expression: [`${site.path}.definition`],
      });
      return item;
    }
    return fillFromDefinition(item, structure);
  }

  #module(
    item: QuestionnaireItem,
    canonical: string,
    site: Site,
  ): { items: QuestionnaireItem[]; extensions: Extension[] } | undefined {
    const module = this.#fitModule(item, canonical, site);
    if (module === undefined) return undefined;
    const { subject, modules } = module;
    this.#from.add(versioned(subject));
    this.#modules.push(subject);
    const renamed = takeContained(this.#contained, subject.contained ?? []);
    const extension = withNewIds(subject.extension ?? [], renamed);
    this.#whole.push(...extension.filter(({ url = '' }) => ofTheWhole.has(url)));
    const own = extension.filter(({ url = '' }) => !ofTheWhole.has(url) && !ofTheModule.has(url));
    const inside = scope({ ...site, modules, prefix: site.prefixes.get(PREFIX) ?? '' }, [
      ...extension.filter(({ url = '' }) => ofTheWhole.has(url)),
      ...own,
    ]);
    const { items, extensions } = this.#assembleItems(withNewIds(subject.item ?? [], renamed), inside);
    return { items, extensions: [...own, ...extensions] };
  }

  /** The module that an item names, if it may stand there. */
  #fitModule(
    item: QuestionnaireItem,
    canonical: string,
    { path, modules, names }: Site,
  ): { subject: Questionnaire; modules: readonly string[] } | undefined {
    const subject = this.#parts.questionnaire(canonical);
    if (subject === undefined) {
      return this.#fault(`The form ${canonical}, which belongs here, is not known.`, path, 'not-found');
    }
    const known = versioned(subject);
    if (modules.includes(known)) {
      return this.#fault(`The form ${canonical} would hold itself.`, path);
    }
    if (modules.length > DEPTH_MAX) {
      return this.#fault(`Modules stand in each other more than ${DEPTH_MAX} deep.`, path, 'too-costly');
    }
    if (codeOf(subject.extension, expectationUrl)?.endsWith('child') !== true) {
      return this.#fault(`The form ${canonical} does not say that it may be part of another.`, path);
    }
    if (item.enableWhen !== undefined || item.item !== undefined) {
      return this.#fault(
        `Item '${item.linkId}' is replaced by a form: what holds for all of that (a condition) belongs to a group around it.`,
        path,
      );
    }
    for (const { url, valueString: name } of subject.extension ?? []) {
      if (url === contextUrl && name !== undefined && !names.has(name)) {
        this.#fault(`The form ${canonical} relies on %${name}, which is not known here.`, path);
      }
    }
    return { subject, modules: [...modules, known] };
  }

  #refuseCollisions(own: readonly Extension[], more: readonly Extension[], path: string): void {
    for (const name of namesOf(more.filter((each) => each.url === variableUrl))) {
      const same = [...own, ...more].filter((each) => each.url === variableUrl && each.valueExpression?.name === name);
      if (new Set(same.map((each) => JSON.stringify(each))).size > 1) {
        this.#fault(`The variable %${name} would stand here with two meanings.`, path);
      }
    }
  }

  #fault(
    diagnostics: string,
    path: string,
    code: 'business-rule' | 'not-found' | 'too-costly' = 'business-rule',
  ): undefined {
    this.#faults.push(error(code, diagnostics, path));
  }
}

function codeOf(extensions: readonly Extension[] | undefined, url: string): string | undefined {
  return extensions?.find((each) => each.url === url)?.valueCode;
}

function versioned({ url = '', version }: Questionnaire): string {
  return version === undefined ? url : `${url}|${version}`;
}

function withoutRepetition(extensions: readonly Extension[]): Extension[] {
  return [...new Map(extensions.map((each) => [JSON.stringify(each), each])).values()];
}
