import type { QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { type Collection, isObject, mapItems, pack, plain, TypedNode } from '../../fhirpath/collection.ts';
import type { Compiler } from '../../fhirpath/compiler.ts';
import { type Expr, type Scope, spend } from '../../fhirpath/expr.ts';
import type { Ast } from '../../fhirpath/syntax.ts';
import { ANY } from '../../fhirpath/type-model.ts';
import { answerValue } from '../answers.ts';
import type { Items } from './compile-expressions.ts';
import { formEnv } from './form-env.ts';
import { pickedItems } from './picked-items.ts';
import type { Snapshot } from './snapshot.ts';

const DECIMAL = 'System.Decimal';
const ANSWER = 'QuestionnaireResponse.item.answer';
const none: readonly QuestionnaireResponseItemAnswer[] = [];

/**
 * SDC's weight(), once ordinal(): of answers, of their values, of codings from elsewhere. An answer has the weight that
 * its own question gives it. What has no weight yields nothing.
 */
export function weightsOf(input: Expr): Expr {
  return {
    type: DECIMAL,
    run: (self, env) => {
      const { snapshot } = formEnv(env);
      return mapItems(input.run(self, env), (item) => weightOf(item, input.type, snapshot));
    },
  };
}

function weightOf(item: unknown, staticType: string, snapshot: Snapshot): Collection {
  const type = item instanceof TypedNode ? item.type : staticType;
  const value = plain(item);
  if (!isObject(value)) {
    return undefined;
  }
  const owner = snapshot.owners.owner(value);
  if (type === ANSWER) {
    const given = answerValue(value);
    return owner === undefined || given === undefined ? undefined : snapshot.weights.of(owner, given.key, given.value);
  }
  return owner === undefined
    ? snapshot.weights.ofCoding(value)
    : snapshot.weights.of(owner, type === 'Coding' ? 'valueCoding' : `value${type}`, value);
}

/**
 * Recognises `….answer.value.weight()` over items that are picked by linkId, where every answer tells its question; and
 * `X.value.weight()` over answers X, where also a plain number has the weight of its option.
 */
export function weightOfPickedAnswers(compiler: Compiler, ast: Ast, scope: Scope, items: Items): Expr | undefined {
  if (ast.kind !== 'call' || (ast.name !== 'weight' && ast.name !== 'ordinal')) {
    return undefined;
  }
  const answers = ast.input?.kind === 'member' && ast.input.name === 'value' ? ast.input.input : undefined;
  if (answers === undefined) {
    return undefined;
  }
  const picked =
    answers.kind === 'member' && answers.name === 'answer' && answers.input !== undefined
      ? pickedItems(compiler, answers.input, scope, items)
      : undefined;
  if (picked?.exact !== true) {
    return weightsOfValues(compiler, ast, answers, scope);
  }
  const elsewhere = weightsOf(compiler.compile(answers, scope));
  return {
    type: DECIMAL,
    run: (self, env) => {
      const index = picked.indexFor(self, env);
      if (index === undefined) return elsewhere.run(self, env);
      const { weights } = formEnv(env).snapshot;
      const found: number[] = [];
      const entries = index.pick(picked.picked, picked.reach);
      spend(env, entries.length);
      for (const { node, item } of entries) {
        for (const answer of node.answer ?? none) {
          const given = answerValue(answer);
          const weight = given === undefined ? undefined : weights.of(item, given.key, given.value);
          if (weight !== undefined) found.push(weight);
        }
      }
      return pack(found);
    },
  };
}

/**
 * `X.value.weight()`, where X are answers, or may be: the weight of an answer is that of its value. Compiled as the call on
 * X itself, by which the host also learns that weights are asked for.
 */
function weightsOfValues(compiler: Compiler, ast: Ast & { kind: 'call' }, x: Ast, scope: Scope): Expr | undefined {
  const input = compiler.compile(x, scope);
  if (input.type === ANSWER) {
    return compiler.compile({ ...ast, input: x }, scope);
  }
  if (input.type !== ANY) {
    return undefined;
  }
  compiler.compile({ ...ast, input: x }, scope);
  const { navigator } = compiler;
  return {
    type: DECIMAL,
    run: (self, env) => {
      const { snapshot } = formEnv(env);
      return mapItems(input.run(self, env), (item) =>
        item instanceof TypedNode && item.type === ANSWER
          ? weightOf(item, ANY, snapshot)
          : mapItems(navigator.member(item, 'value'), (value) => weightOf(value, ANY, snapshot)),
      );
    },
  };
}
