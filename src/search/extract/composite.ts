import { items, plain } from '../../fhirpath/collection.ts';
import type { Env } from '../../fhirpath/expr.ts';
import type { FhirPath } from '../../fhirpath/fhirpath.ts';
import { compositeForm, resourceForm, STRING_FORM, TWO_NUMBERS_FORM } from '../keys.ts';
import type { SearchParameterDef } from '../parameters.ts';
import type { Emit, Indexer } from './emit.ts';
import { indexer } from './indexer.ts';

interface Range {
  readonly form: string;
  readonly lo: number;
  readonly hi: number;
}

/** What one component of a composite yields for one of its elements. */
class Component implements Emit {
  readonly forms: string[] = [];
  readonly ranges: Range[] = [];
  readonly texts: string[] = [];

  form(form: string): void {
    this.forms.push(form);
  }

  alone(): void {}

  reference(type: string, id: string): void {
    this.forms.push(resourceForm(type, id));
  }

  range(form: string, lo: number, hi: number): void {
    this.ranges.push({ form, lo, hi });
  }

  text(form: string, text: string): void {
    if (form === STRING_FORM) {
      this.texts.push(text);
    }
  }

  uriText(): void {}
}

type Read = (element: unknown, env: Env) => Component;

/**
 * Indexes the elements that a composite parameter is about: every combination of what its components yield in one element.
 *
 * @param type of the elements
 */
export function compositeIndexer(
  param: SearchParameterDef,
  type: string,
  fhirPath: FhirPath,
  baseUrl: string,
): ((element: unknown, env: Env, out: Emit) => void) | undefined {
  const [first, second, third] = (param.components ?? []).map((component): Read => {
    const parts = fhirPath.branches(component.expression, type).flatMap((branch) => {
      const index = indexer(component.param.kind, branch.type, baseUrl);
      return index === undefined ? [] : [{ run: branch.run, index }];
    });
    return (element, env) => read(parts, element, env);
  });
  if (first === undefined || second === undefined) {
    return undefined;
  }
  return (element, env, out) => {
    const start = first(element, env);
    if (start.forms.length === 0) {
      return;
    }
    const next = second(element, env);
    const last = third?.(element, env);
    for (const form of start.forms) {
      if (third === undefined) {
        combine(form, next, out);
      } else if (last?.ranges[0] !== undefined && next.ranges[0] !== undefined) {
        out.range(compositeForm(form, TWO_NUMBERS_FORM), next.ranges[0].lo, last.ranges[0].hi);
      }
    }
  };
}

function read(
  parts: readonly { readonly run: (value: unknown, env: Env) => unknown; readonly index: Indexer }[],
  element: unknown,
  env: Env,
): Component {
  const component = new Component();
  for (const { run, index } of parts) {
    for (const item of items(run(element, env))) {
      index(plain(item), component);
    }
  }
  return component;
}

function combine(form: string, { forms, ranges, texts }: Component, out: Emit): void {
  for (const other of forms) {
    out.form(compositeForm(form, other));
  }
  for (const range of ranges) {
    out.range(compositeForm(form, range.form), range.lo, range.hi);
  }
  for (const text of texts) {
    out.text(compositeForm(form, STRING_FORM), text);
  }
}
