import { items, mapItems, pack, TypedNode } from './collection.ts';
import { type Cell, type Expr, NOTHING, nothing, type Scope, UnsupportedExpression } from './expr.ts';
import { functionNamed } from './functions.ts';
import { Navigator, reader, typedElement, typedResource } from './navigation.ts';
import { operator } from './operators.ts';
import { number } from './singleton.ts';
import type { Ast } from './syntax.ts';
import { ANY, type TypeModel } from './type-model.ts';
import { isType, ofType } from './types-of.ts';
import { UCUM } from './ucum.ts';

/** `%vs-name` and `%ext-name` (FHIR R4, FHIRPath, section Environment variables). */
const CANONICALS: Record<string, string> = {
  'vs-': 'http://hl7.org/fhir/ValueSet/',
  'ext-': 'http://hl7.org/fhir/StructureDefinition/',
};
const CONSTANTS: Record<string, string> = {
  ucum: UCUM,
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
};

/**
 * Turns a syntax tree into closures over plain JSON. The type of what an expression yields is worked out while compiling,
 * so that at run time a path is little more than property reads; only choices, unions of several types, contained
 * resources and descendants() carry types along.
 */
export class Compiler {
  readonly model: TypeModel;
  readonly navigator: Navigator;

  constructor(model: TypeModel) {
    this.model = model;
    this.navigator = new Navigator(model);
  }

  /** @throws UnsupportedExpression */
  compile(ast: Ast, scope: Scope): Expr {
    const shortcut = scope.vocabulary?.shortcut?.(this, ast, scope);
    if (shortcut !== undefined) {
      return shortcut;
    }
    switch (ast.kind) {
      case 'literal':
        return { type: ast.type, run: () => ast.value };
      case 'quantity': {
        const quantity = { value: ast.value, unit: ast.unit, code: ast.unit, system: UCUM };
        return { type: 'System.Quantity', run: () => quantity };
      }
      case 'empty':
        return nothing;
      case 'this':
        return { type: scope.type, run: (self) => self };
      case 'total':
      case 'index':
        return cell(ast.kind, scope[ast.kind]);
      case 'external':
        return this.#external(ast.name, scope);
      case 'member':
        return this.#member(ast, scope);
      case 'call':
        return this.#call(ast, scope);
      case 'item':
        return this.#item(this.compile(ast.input, scope), this.compile(ast.index, scope));
      case 'negative':
        return operator('-', { type: 'System.Integer', run: () => 0 }, this.compile(ast.operand, scope));
      case 'binary':
        return operator(ast.operator, this.compile(ast.left, scope), this.compile(ast.right, scope));
      case 'type': {
        const operand = this.compile(ast.operand, scope);
        return (ast.operator === 'is' ? isType : ofType)(this.model, operand, ast.type);
      }
    }
  }

  /** The members of a name of every item. */
  member(input: Expr, name: string): Expr {
    if (input.type === NOTHING) {
      return nothing;
    }
    if (input.unresolved) {
      throw new UnsupportedExpression('what is in a resolved resource');
    }
    if (input.type === ANY) {
      return this.#memberOfAny(input, name);
    }
    if (this.model.isPrimitive(input.type)) {
      return this.#memberOfPrimitive(input, name);
    }
    const element = this.model.elements(input.type).get(name);
    const type = element?.types[0];
    if (element === undefined || type === undefined) {
      return nothing;
    }
    if (element.choice) {
      return this.#step(input, ANY, typedElement(this.model, element));
    }
    return this.elementOf(input, name, type);
  }

  /** The member that stands under a name in JSON and has one type. */
  elementOf(input: Expr, property: string, type: string): Expr {
    const step = this.#step(input, type, reader(this.model, property, type));
    if (!this.model.isPrimitive(type)) {
      return step;
    }
    return { ...step, elements: this.#step(input, 'Element', reader(this.model, `_${property}`, 'Element')).run };
  }

  #step(input: Expr, type: string, read: (object: unknown) => unknown): Expr {
    const { run } = input;
    return {
      type,
      run: (self, env) => {
        const from = run(self, env);
        return Array.isArray(from) ? mapItems(from, read) : from === undefined ? undefined : read(from);
      },
    };
  }

  #memberOfAny(input: Expr, name: string): Expr {
    if (name === 'extension') {
      throw new UnsupportedExpression('extensions of values that may be primitive');
    }
    const { navigator } = this;
    return this.#step(input, ANY, (node) => navigator.member(node, name));
  }

  #memberOfPrimitive(input: Expr, name: string): Expr {
    if (name !== 'extension' && name !== 'id') {
      return nothing;
    }
    if (input.elements === undefined) {
      throw new UnsupportedExpression(`${name} of a primitive that is not a plain path`);
    }
    return this.member({ type: 'Element', run: input.elements }, name);
  }

  #member(ast: Ast & { kind: 'member' }, scope: Scope): Expr {
    if (ast.input !== undefined) {
      return this.member(this.compile(ast.input, scope), ast.name);
    }
    const self: Expr = { type: scope.type, run: (item) => item };
    // A type's name at the start of a path stands for the focus, if that is of the type.
    return /^[A-Z]/.test(ast.name) && this.model.has(ast.name)
      ? ofType(this.model, self, ast.name)
      : this.member(self, ast.name);
  }

  #call(ast: Ast & { kind: 'call' }, scope: Scope): Expr {
    const compileCall = functionNamed(ast.name) ?? scope.vocabulary?.call(ast.name);
    if (compileCall === undefined) {
      throw new UnsupportedExpression(`function ${ast.name}`);
    }
    const input: Expr =
      ast.input === undefined ? { type: scope.type, run: (self) => self } : this.compile(ast.input, scope);
    return compileCall(this, input, ast.args, scope);
  }

  #item(input: Expr, index: Expr): Expr {
    const at = number(index);
    return {
      type: input.type,
      run: (self, env) => {
        const position = at(self, env);
        return position === undefined ? undefined : pack([items(input.run(self, env))[position]]);
      },
    };
  }

  #external(name: string, scope: Scope): Expr {
    const hosted = scope.vocabulary?.external(name);
    if (hosted !== undefined) {
      return hosted;
    }
    const constant = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
    if (constant !== undefined) {
      return { type: 'System.String', run: () => constant };
    }
    for (const [prefix, base] of Object.entries(CANONICALS)) {
      if (name.startsWith(prefix)) {
        const canonical = base + name.slice(prefix.length);
        return { type: 'System.String', run: () => canonical };
      }
    }
    switch (name) {
      case 'resource': {
        const type = scope.contextType.split('.')[0] ?? '';
        return this.model.isResource(type)
          ? { type, run: (_, env) => env.resource }
          : { type: ANY, run: (_, env) => typedResource(env.resource) };
      }
      case 'rootResource':
        return { type: ANY, run: (_, env) => typedResource(env.rootResource) };
      case 'context':
        return {
          type: scope.contextType,
          run: (_, env) =>
            scope.contextType === ANY && !(env.context instanceof TypedNode) ? typedResource(env.context) : env.context,
        };
      default:
        throw new UnsupportedExpression(`%${name}`);
    }
  }
}

function cell(kind: 'total' | 'index', found: Cell | undefined): Expr {
  if (found === undefined) {
    throw new UnsupportedExpression(`$${kind} here`);
  }
  return { type: found.type, run: () => found.value };
}
