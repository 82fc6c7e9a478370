import type { Extension, Resource } from '@medplum/fhirtypes';
import { NOTHING } from '../../fhirpath/expr.ts';
import { isResource } from '../../model/is-resource.ts';
import { error, type Issue } from '../../model/issue.ts';
import { isPrimitiveType } from '../../model/r4/primitive-forms.ts';
import type { StructureElement } from '../../model/r4/structure.ts';
import { elementsOf, jsonName } from '../../model/r4/structures.ts';
import type { Site } from '../expressions/compile-expressions.ts';
import { compileExtract, type ExtractExpression } from './compile.ts';
import { isNamed, type PlacedExtension } from './extensions.ts';

/** One element of a template: what it says itself, and what is put in its place. */
export interface TemplateElement {
  readonly type: string;
  /** templateExtractContext: the element stands once for each result, and what is in it is evaluated on that. */
  readonly context: ExtractExpression | undefined;
  /** templateExtractValue: each result takes the element's place. */
  readonly value: ExtractExpression | undefined;
  /** What it holds as it is; of a primitive, its value. */
  readonly literal: unknown;
  readonly members: readonly TemplateMember[];
  /** Of a primitive: its id and extensions. */
  readonly extended?: TemplateElement;
}

export interface TemplateMember {
  /** In JSON. */
  readonly name: string;
  readonly list: boolean;
  readonly primitive: boolean;
  readonly elements: readonly TemplateElement[];
  /** Where it stands in the Questionnaire. */
  readonly path: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The expressions that stand on an element itself, and its extensions that are none of the template's. */
interface OwnExpressions {
  readonly context: ExtractExpression | undefined;
  readonly value: ExtractExpression | undefined;
  readonly others: readonly PlacedExtension[];
  /** What is inside is started on this; NOTHING where nothing ever will be. */
  readonly innerType: string;
}

/** How many elements the templates of one form may have yet: each is compiled again for each item that refers to it. */
export interface TemplateBudget {
  left: number;
}

/** Compiles the expressions of a template; faults are added to `issues`. */
export class TemplateCompiler {
  readonly #site: Site;
  readonly #issues: Issue[];
  readonly #budget: TemplateBudget;

  constructor(site: Site, issues: Issue[], budget: TemplateBudget) {
    this.#site = site;
    this.#issues = issues;
    this.#budget = budget;
  }

  /**
   * @param path where the template stands in the Questionnaire
   * @param rootType what it is filled in from: the response, or an item of it
   */
  resource(template: Resource, path: string, rootType: string): TemplateElement {
    // Its id is the name by which it is referred to, not that of what is made of it.
    const { id: _, ...nameless } = template;
    return this.#complex({ ...nameless }, template.resourceType, path, rootType);
  }

  #complex(raw: Json, type: string, path: string, rootType: string): TemplateElement {
    const own = this.#expressions(raw, path, rootType);
    return { type, context: own.context, value: own.value, ...this.#content(raw, own, type, path) };
  }

  #content(
    raw: Json,
    { others, innerType }: OwnExpressions,
    type: string,
    path: string,
  ): Pick<TemplateElement, 'literal' | 'members'> {
    const members: TemplateMember[] = [];
    const literal: Record<string, unknown> = {};
    if (innerType === NOTHING) {
      return { literal, members };
    }
    const known = namesOf(type);
    for (const [key, value] of this.#affordable(raw, path)) {
      const name = key.replace(/^_/, '');
      const found = known.get(name);
      if (found === undefined) {
        literal[key] = value;
      } else if (key !== 'extension' && !members.some((each) => each.name === name)) {
        members.push(this.#member(raw, name, found, `${path}.${found.element.name}`, innerType));
      }
    }
    if (others.length > 0) {
      const elements = others.map((each) => this.#complex({ ...each.extension }, 'Extension', each.path, innerType));
      members.push({ name: 'extension', list: true, primitive: false, elements, path: `${path}.extension` });
    }
    return { literal, members };
  }

  #affordable(raw: Json, path: string): readonly [string, unknown][] {
    const before = this.#budget.left;
    this.#budget.left -= 1;
    if (before === 0) {
      this.#issues.push(error('too-costly', 'The templates of the form have too many elements in all.', path));
    }
    return before > 0 ? Object.entries(raw) : [];
  }

  #member(raw: Json, name: string, { element, type }: NamedElement, path: string, rootType: string): TemplateMember {
    const list = element.max === '*';
    const primitive = isPrimitiveType(type);
    const values = listOf(raw[name]);
    const extended = primitive ? listOf(raw[`_${name}`]) : [];
    const elements = Array.from({ length: Math.max(values.length, extended.length) }, (_, index) => {
      const here = list ? `${path}[${index}]` : path;
      return primitive
        ? this.#primitive(values[index], extended[index], type, here, rootType)
        : this.#inner(values[index], type, here, rootType);
    });
    return { name, list, primitive, elements, path };
  }

  #inner(value: unknown, type: string, path: string, rootType: string): TemplateElement {
    if (!isJson(value)) {
      this.#issues.push(error('structure', 'An element of a template must be an object.', path));
      return { type, context: undefined, value: undefined, literal: {}, members: [] };
    }
    const own = type === 'Resource' && isResource(value) ? value.resourceType : type;
    return this.#complex(value, own, path, rootType);
  }

  #primitive(value: unknown, extended: unknown, type: string, path: string, rootType: string): TemplateElement {
    const raw = isJson(extended) ? extended : {};
    const own = this.#expressions(raw, path, rootType);
    const content = this.#content(raw, own, 'Element', path);
    return {
      type,
      context: own.context,
      value: own.value,
      literal: value ?? undefined,
      members: [],
      ...(content.members.length > 0 && {
        extended: { type: 'Element', context: undefined, value: undefined, ...content },
      }),
    };
  }

  #expressions(raw: Json, path: string, rootType: string): OwnExpressions {
    const all = listOf(raw.extension).filter(isExtension);
    const placed = all.map((extension, index) => ({ extension, path: `${path}.extension[${index}]` }));
    const contexts = placed.filter(({ extension }) => isNamed(extension, 'templateExtractContext'));
    const values = placed.filter(({ extension }) => isNamed(extension, 'templateExtractValue'));
    for (const { path: second } of [...contexts.slice(1), ...values.slice(1)]) {
      this.#issues.push(error('extension', 'The extension may stand here once only.', second));
    }
    const [contextAt] = contexts;
    const [valueAt] = values;
    const context = contextAt && compileExtract(contextAt, this.#site, this.#issues, rootType);
    const innerType = context?.expr.type ?? rootType;
    const value =
      valueAt && innerType !== NOTHING ? compileExtract(valueAt, this.#site, this.#issues, innerType) : undefined;
    const others = placed.filter((each) => !contexts.includes(each) && !values.includes(each));
    return { context, value, others, innerType };
  }
}

interface NamedElement {
  readonly element: StructureElement;
  readonly type: string;
}

const names = new Map<string, ReadonlyMap<string, NamedElement>>();

/** The elements of a type by their names in JSON. */
function namesOf(type: string): ReadonlyMap<string, NamedElement> {
  let found = names.get(type);
  if (found === undefined) {
    found = new Map(
      elementsOf(type).flatMap((element) =>
        element.types.map((each) => [jsonName(element, each.type), { element, type: each.type }] as const),
      ),
    );
    names.set(type, found);
  }
  return found;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isExtension(value: unknown): value is Extension {
  return isJson(value) && typeof value.url === 'string';
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
