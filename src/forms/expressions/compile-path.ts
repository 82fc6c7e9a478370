import { type Collection, mapItems, pack, plain, TypedNode } from '../../fhirpath/collection.ts';
import { type Expr, FhirPathError } from '../../fhirpath/expr.ts';
import type { FunctionCompiler } from '../../fhirpath/function-compiler.ts';
import { typedResource } from '../../fhirpath/navigation.ts';
import { parse } from '../../fhirpath/parse.ts';
import { r4FhirPath } from '../../fhirpath/r4.ts';
import { ANY } from '../../fhirpath/type-model.ts';
import type { Vocabulary } from '../../fhirpath/vocabulary.ts';
import type { Site } from './compile-expressions.ts';
import type { FormExpression } from './expression.ts';
import { formEnv } from './form-env.ts';
import type { Declared, Names } from './names.ts';
import { pickedItems } from './picked-items.ts';
import type { PathProgram } from './program.ts';
import { readsOf } from './reads.ts';
import { weightOfPickedAnswers, weightsOf } from './weight-function.ts';

/** Names that FHIR itself defines; a form can not give them another meaning. */
const RESERVED = /^(?:resource|rootResource|context|ucum|sct|loinc|vs-.*|ext-.*)$/;
/** Longer than any expression that a person wrote. */
const LENGTH_MAX = 20_000;

/**
 * Compiles a FHIRPath expression for its place in a form: names are those known there, `weight()` and `ordinal()` are
 * SDC's, items picked by linkId come from the index of the response.
 *
 * @param rootType what it is started on, where that is another type than what stands at the site
 * @throws FhirPathSyntaxError, UnsupportedExpression
 */
export function compilePath(text: string, site: Site, rootType: string = typeAt(site)): PathProgram {
  if (text.length > LENGTH_MAX) {
    throw new FhirPathError(`an expression of more than ${LENGTH_MAX} characters`);
  }
  const uses: FormExpression[] = [];
  const asked = { owners: false };
  const weight: FunctionCompiler = (_, input) => {
    asked.owners = true;
    return weightsOf(input);
  };
  const vocabulary: Vocabulary = {
    external: (name) => external(name, site, uses),
    call: (name) => (name === 'weight' || name === 'ordinal' ? weight : undefined),
    shortcut: (compiler, ast, scope) =>
      weightOfPickedAnswers(compiler, ast, scope, site.items) ?? pickedItems(compiler, ast, scope, site.items)?.expr,
  };
  const expr = r4FhirPath().compileFor(vocabulary, text, rootType);
  return {
    kind: 'path',
    expr,
    reads: readsOf(parse(text), (name) => isForm(name, site.names)),
    uses,
    asksOwners: asked.owners,
  };
}

/** `%questionnaire`, `%qitem`, and a variable that holds a part of them. */
function isForm(name: string, names: Names): boolean {
  const { program } = names.find(name)?.expression ?? {};
  const type = program?.kind === 'path' ? program.expr.type : '';
  return name === 'questionnaire' || name === 'qitem' || type === 'Questionnaire' || type.startsWith('Questionnaire.');
}

function typeAt({ item }: Site): string {
  return item === undefined ? 'QuestionnaireResponse' : 'QuestionnaireResponse.item';
}

function external(name: string, { names, item, launchContexts }: Site, uses: FormExpression[]): Expr | undefined {
  if (RESERVED.test(name)) {
    return undefined;
  }
  const declared = names.find(name);
  if (declared !== undefined) {
    uses.push(declared.expression);
    return variable(declared);
  }
  if (name === 'questionnaire') {
    return { type: 'Questionnaire', run: (_, env) => formEnv(env).snapshot.form.source };
  }
  if (name === 'qitem' && item !== undefined) {
    return { type: 'Questionnaire.item', run: () => item.source };
  }
  const type = launchContexts.find((context) => context.name === name)?.types;
  return type?.length === 1 && type[0] !== undefined
    ? ofLaunchedType(name, type[0])
    : { type: ANY, run: (_, env) => launched(name, formEnv(env)) };
}

/** A launch context that is of one type: its elements are known while compiling. */
function ofLaunchedType(name: string, type: string): Expr {
  return {
    type,
    run: (_, env) =>
      mapItems(launched(name, formEnv(env)), (each) => {
        if (!(each instanceof TypedNode) || each.type !== type) {
          throw new FhirPathError(`%${name} is not of type ${type}`);
        }
        return each.value;
      }),
  };
}

/** A variable has the type that its expression has; what was queried, and what the caller gives, carries its type. */
function variable(declared: Declared): Expr {
  const { program } = declared.expression;
  if (program?.kind !== 'path' || program.expr.type === ANY) {
    return { type: ANY, run: (_, env) => formEnv(env).valueOf(declared) };
  }
  const { type } = program.expr;
  return {
    type,
    run: (_, env) =>
      mapItems(formEnv(env).valueOf(declared), (each) => (each instanceof TypedNode ? plain(each) : each)),
  };
}

/** A launch context, or another name that the caller gives a value for. */
function launched(name: string, { given, snapshot }: ReturnType<typeof formEnv>): Collection {
  const values = given?.get(name);
  if (values !== undefined) {
    return pack(values.map(({ type, value }) => new TypedNode(type, value)));
  }
  const { launch } = snapshot.data;
  if (launch !== undefined && Object.hasOwn(launch, name)) {
    return mapItems(launch[name] ?? undefined, typedValue);
  }
  throw new FhirPathError(`%${name} is not known here`);
}

function typedValue(value: unknown): TypedNode | undefined {
  switch (typeof value) {
    case 'string':
      return new TypedNode('System.String', value);
    case 'boolean':
      return new TypedNode('System.Boolean', value);
    case 'number':
      return new TypedNode(Number.isInteger(value) ? 'System.Integer' : 'System.Decimal', value);
    default:
      return typedResource(value);
  }
}
