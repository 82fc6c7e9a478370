import { isPrimitiveType, type PrimitiveForm, primitiveForms } from '../model/r4/primitive-forms.ts';
import type { ElementType, StructureElement } from '../model/r4/structure.ts';
import { elementsOf, jsonName, structures } from '../model/r4/structures.ts';
import { type Binding, requiredBinding } from './binding.ts';
import { type CompiledInvariant, invariantsOfElement, invariantsOfType } from './invariants/compiled.ts';

/** One member that an object of a type may have in JSON: `valueQuantity`, or `_family` beside `family`. */
export class Member {
  readonly element: StructureElement;
  readonly type: ElementType;
  readonly list: boolean;
  /** `_name`: id and extensions of a primitive. */
  readonly shadow: boolean;
  /** For primitives: the member that holds the other half, `_family` for `family` and the other way round. */
  readonly sibling: string;
  /** Set for the value of a primitive. */
  readonly form: PrimitiveForm | undefined;
  readonly binding: Binding | undefined;
  /** The element's own, beside those of its type. */
  readonly invariants: readonly CompiledInvariant[];
  #table: TypeTable | undefined;

  constructor(element: StructureElement, type: ElementType, shadow: boolean) {
    const primitive = isPrimitiveType(type.type) ? type.type : undefined;
    const name = jsonName(element, type.type);
    this.element = element;
    this.type = type;
    this.list = element.max === '*';
    this.shadow = shadow;
    this.sibling = shadow ? name : `_${name}`;
    this.form = primitive === undefined || shadow ? undefined : primitiveForms[primitive];
    this.binding = shadow ? undefined : requiredBinding(element, type.type);
    this.invariants = shadow ? [] : invariantsOfElement(element, type.type);
  }

  /** Of the objects that stand here. A type may contain itself (Extension), so it is looked up at the first use. */
  get table(): TypeTable {
    this.#table ??= typeTable(this.shadow ? 'Element' : (this.type.profile ?? this.type.type));
    return this.#table;
  }
}

/** All that a walk needs to know of one type, made when the type is first met. */
export interface TypeTable {
  readonly name: string;
  readonly isResource: boolean;
  readonly members: ReadonlyMap<string, Member>;
  /** The elements that must be there, with the members that can hold them. */
  readonly required: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly invariants: readonly CompiledInvariant[];
}

const tables = new Map<string, TypeTable>();

/** The table of a type of R4; throws if there is none such. */
export function typeTable(name: string): TypeTable {
  const known = tables.get(name);
  if (known !== undefined) {
    return known;
  }
  const structure = structures().get(name);
  if (structure === undefined) {
    throw new Error(`R4 has no type ${name}`);
  }
  const elements = elementsOf(name);
  const table: TypeTable = {
    name,
    isResource: structure.kind === 'resource',
    members: new Map(elements.flatMap((element) => element.types.flatMap((type) => members(element, type)))),
    required: elements
      .filter(({ min }) => min > 0)
      .map((element) => ({
        name: element.name,
        members: element.types.flatMap((type) => members(element, type).map(([member]) => member)),
      })),
    invariants: invariantsOfType(name),
  };
  tables.set(name, table);
  return table;
}

function members(element: StructureElement, type: ElementType): [string, Member][] {
  const name = jsonName(element, type.type);
  const value = new Member(element, type, false);
  // The `id` of an element is an attribute in XML, and so has no extensions; nor has xhtml.
  return value.form === undefined || element.name === 'id' || type.type === 'xhtml'
    ? [[name, value]]
    : [
        [name, value],
        [`_${name}`, new Member(element, type, true)],
      ];
}
