import { items, plain, TypedNode } from '../../fhirpath/collection.ts';
import type { Env } from '../../fhirpath/expr.ts';
import type { FhirPath } from '../../fhirpath/fhirpath.ts';
import { paramName } from '../keys.ts';
import { AGE_URL, type SearchParameterDef } from '../parameters.ts';
import { compositeIndexer } from './composite.ts';
import { DATE_LIMIT, type Emit } from './emit.ts';
import { indexer } from './indexer.ts';
import { isObject, text } from './json.ts';
import { leadingDateParam } from './leading-date.ts';
import { parseReference } from './parse-reference.ts';
import type { Rows } from './rows.ts';

/** What is to be done with a resource of one type, for one parameter. */
export type Step = (resource: unknown, env: Env, rows: Rows) => void;

export interface PlanOptions {
  readonly fhirPath: FhirPath;
  /** The server's own base, without a slash at its end. */
  readonly baseUrl: string;
}

/** Values of these are columns of the resource itself. */
const COLUMNS = new Set(['_id', '_lastUpdated']);

/** Whether values of a parameter have no rows, since others have them. */
function keepsNone(param: SearchParameterDef): boolean {
  return param.keptAs !== param.code || param.unionOf !== undefined || COLUMNS.has(param.code) || param.url === AGE_URL;
}

/** The steps for a type: one for each parameter that keeps values of its own. */
export function plan(params: readonly SearchParameterDef[], options: PlanOptions): readonly Step[] {
  const aliases = Map.groupBy(
    params.filter((param) => param.keptAs !== param.code),
    (param) => param.keptAs,
  );
  return params.flatMap((param) => {
    if (keepsNone(param)) {
      return [];
    }
    const make = (): Step =>
      param.kind === 'composite' ? compositeStep(param, options) : step(param, aliases.get(param.code), options);
    return param.url.startsWith(R4) ? [make()] : guarded(make);
  });
}

const R4 = 'http://hl7.org/fhir/SearchParameter/';

/** A custom parameter must not keep a resource from being stored: where its expression fails, there is no value. */
function guarded(make: () => Step): readonly Step[] {
  try {
    const made = make();
    return [
      (resource, env, rows) => {
        try {
          made(resource, env, rows);
        } catch {
          // The expression demands what this resource does not have, one item for instance.
        }
      },
    ];
  } catch {
    // Not FHIRPath, or nothing that can be compiled: the parameter was refused, or should have been, when it was created.
    return [];
  }
}

function step(
  param: SearchParameterDef,
  aliases: readonly SearchParameterDef[] = [],
  { fhirPath, baseUrl }: PlanOptions,
): Step {
  const name = paramName(param);
  const parts = fhirPath.branches(param.expression, param.type).map((branch) => ({
    run: branch.run,
    index: indexer(param.kind, branch.type, baseUrl),
  }));
  const always = aliases.filter((alias) => alias.only === undefined).map((alias) => alias.ordinal);
  const limited = aliases.filter((alias) => alias.only !== undefined);
  const leading = leadingDateParam(param.type) === param.code;
  const lasting = param.url?.startsWith(R4) ?? false;
  return (resource, env, rows) => {
    rows.name = name;
    rows.lasting = lasting;
    let found = false;
    const target: Emit = leading && rows.date === undefined ? new LeadingDate(rows) : rows;
    const met: string[] | undefined = limited.length > 0 ? [] : undefined;
    for (const { run, index } of parts) {
      const values = run(resource, env);
      if (values === undefined) {
        continue;
      }
      for (const item of Array.isArray(values) ? values : [values]) {
        const value = plain(item);
        if (value === undefined) {
          continue;
        }
        found = true;
        index?.(item instanceof TypedNode ? item : value, target);
        met?.push(targetType(value, baseUrl));
      }
    }
    if (!found) {
      return;
    }
    rows.present.push(param.ordinal, ...always);
    for (const alias of met === undefined ? [] : limited) {
      if (met?.includes(alias.only ?? '')) {
        rows.present.push(alias.ordinal);
      }
    }
  };
}

/** The type that a Reference leads to, as far as it tells. */
function targetType(value: unknown, baseUrl: string): string {
  if (!isObject(value)) {
    return '';
  }
  const reference = text(value.reference);
  const parsed = reference === undefined ? undefined : parseReference(reference, baseUrl);
  return (parsed !== undefined && 'type' in parsed ? parsed.type : undefined) ?? text(value.type) ?? '';
}

/** Passes on, and notes the start of the first interval. */
class LeadingDate implements Emit {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  range(form: string, lo: number, hi: number): void {
    if (this.#rows.date === undefined && lo > -DATE_LIMIT) {
      this.#rows.date = lo;
    }
    this.#rows.range(form, lo, hi);
  }

  form(): void {}
  alone(): void {}
  reference(): void {}
  text(): void {}
  uriText(): void {}
}

function compositeStep(param: SearchParameterDef, { fhirPath, baseUrl }: PlanOptions): Step {
  const name = paramName(param);
  const parts = fhirPath.branches(param.expression, param.type).flatMap((branch) => {
    const index = compositeIndexer(param, branch.type, fhirPath, baseUrl);
    return index === undefined ? [] : [{ run: branch.run, index }];
  });
  return (resource, env, rows) => {
    rows.name = name;
    const before = rows.size;
    for (const { run, index } of parts) {
      for (const item of items(run(resource, env))) {
        index(plain(item), env, rows);
      }
    }
    if (rows.size > before) {
      rows.present.push(param.ordinal);
    }
  };
}
