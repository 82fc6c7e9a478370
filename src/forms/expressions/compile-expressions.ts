import type { Questionnaire } from '@medplum/fhirtypes';
import { FhirPathSyntaxError } from '../../fhirpath/syntax.ts';
import { error, type Issue } from '../../model/issue.ts';
import type { FormItem } from '../form.ts';
import { compilePath } from './compile-path.ts';
import { compileQuery } from './compile-query.ts';
import type { FormExpression, ItemExpressions, LaunchContext, SharedExpressions } from './expression.ts';
import { Names } from './names.ts';
import type { Program } from './program.ts';
import { type MakeExpression, readItem, readLaunchContexts, readShared } from './read-expressions.ts';

/** What a form has to be for its expressions to be compiled: all of its items, by linkId. */
export type Items = ReadonlyMap<string, FormItem>;

/** The expressions of a form: those of the Questionnaire, and those of each item that has any. */
export interface CompiledExpressions {
  readonly form: SharedExpressions;
  readonly ofItems: ReadonlyMap<FormItem, ItemExpressions>;
}

export { compileLogic } from './logic.ts';

/** Resolves when `compileExpressions` can be called: here it always can, see compile-in-browser.ts. */
export function loadCompiler(): Promise<void> {
  return Promise.resolve();
}

/**
 * Reads and compiles every expression of a form, from the outside in, so that each is compiled with the names that are
 * known where it stands. What does not parse, or can't be evaluated safely here, is added to `issues`.
 */
export function compileExpressions(
  questionnaire: Questionnaire,
  items: Items,
  roots: Items,
  issues: Issue[],
): CompiledExpressions {
  const ofItems = new Map<FormItem, ItemExpressions>();
  const launchContexts = readLaunchContexts(questionnaire);

  const makerAt = (names: Names, item: FormItem | undefined): MakeExpression => {
    return (raw, path): FormExpression => {
      const text = raw.expression ?? '';
      const language = raw.language ?? '';
      const program = compile(language, text, { names, items, item, launchContexts }, path, issues);
      return { language, text, name: raw.name, path, program };
    };
  };

  const shared = (source: FormItem | undefined, path: string, names: Names, make: MakeExpression): SharedExpressions =>
    readShared(
      source?.source ?? questionnaire,
      path,
      make,
      (expression) => {
        if (expression.name !== undefined && !names.declare(expression.name, { expression, item: source })) {
          issues.push(error('duplicate', `The name '${expression.name}' is declared twice here.`, expression.path));
        }
      },
      issues,
    );

  const visit = (level: Items, outer: Names): void => {
    for (const item of level.values()) {
      const names = new Names(outer);
      const make = makerAt(names, item);
      if (hasExpressions(item)) {
        const own = shared(item, item.path, names, make);
        ofItems.set(item, { ...own, ...readItem(item.source, item.path, make, issues) });
      }
      visit(item.children, names);
    }
  };

  const names = new Names();
  const form = shared(undefined, 'Questionnaire', names, makerAt(names, undefined));
  visit(roots, names);
  return { form, ofItems };
}

/** Most items have neither extensions nor extended primitives. */
function hasExpressions({ source }: FormItem): boolean {
  return source.extension !== undefined || Object.keys(source).some((key) => key.startsWith('_'));
}

/** Where an expression is compiled: what it can name, and on what it stands. */
export interface Site {
  readonly names: Names;
  readonly items: Items;
  readonly item: FormItem | undefined;
  readonly launchContexts: readonly LaunchContext[];
}

function compile(language: string, text: string, site: Site, path: string, issues: Issue[]): Program | undefined {
  try {
    switch (language) {
      case 'text/fhirpath':
        return compilePath(text, site);
      case 'application/x-fhir-query':
        return compileQuery(text, site);
      default:
        // CQL and others are kept for those who know them; what they stand on is not evaluated here.
        return undefined;
    }
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : 'unknown';
    const what = problem instanceof FhirPathSyntaxError ? 'does not parse' : 'can not be evaluated here';
    issues.push(error('invalid', `The expression ${what}: ${why}.`, path));
    return undefined;
  }
}
