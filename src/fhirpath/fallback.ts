import { createRequire } from 'node:module';
import type { Env } from './expr.ts';
import type { PackageRun } from './package-run.ts';

interface Package {
  compile(
    path: { base?: string; expression: string },
    model: unknown,
    options: { resolveInternalTypes: boolean; traceFn: () => void },
  ): (value: unknown, env: Record<string, unknown>) => unknown[];
  types(values: unknown[]): string[];
  resolveInternalTypes(values: unknown[]): unknown[];
}

let loaded: { fhirpath: Package; model: unknown } | undefined;

/**
 * An expression as the fhirpath package (5.2.0) compiles it: for what this engine does not know. Ten to a hundred times
 * slower; the package is loaded when the first such expression is met.
 *
 * @param rootType type of what the expression is started on
 * @throws Error if the expression is not FHIRPath
 */
export function compileWithPackage(expression: string, rootType: string): PackageRun {
  loaded ??= load();
  const { fhirpath, model } = loaded;
  const base = /^[A-Z].*\./.test(rootType) || !/^[A-Z]/.test(rootType) ? rootType : undefined;
  const run = fhirpath.compile(base === undefined ? { expression } : { base, expression }, model, {
    resolveInternalTypes: false,
    traceFn: () => {},
  });
  return (value, env: Env) => {
    const found = run(value, { resource: env.resource, rootResource: env.rootResource, context: env.context });
    const types = fhirpath.types(found);
    return fhirpath.resolveInternalTypes(found).map((each, index) => ({
      type: (types[index] ?? '').replace(/^FHIR\./, ''),
      value: each,
    }));
  };
}

function load(): { fhirpath: Package; model: unknown } {
  const require = createRequire(import.meta.url);
  return { fhirpath: require('fhirpath'), model: require('fhirpath/fhir-context/r4') };
}
