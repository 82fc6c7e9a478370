import { UnsupportedExpression } from './expr.ts';
import type { PackageRun } from './package-run.ts';

/**
 * Takes the place of fallback.ts in a browser (package.json, imports): forms are evaluated by this engine's closures alone,
 * so a browser needs no second engine.
 *
 * @throws UnsupportedExpression always
 */
export function compileWithPackage(_expression: string, _rootType: string): PackageRun {
  throw new UnsupportedExpression('what only the fhirpath package knows');
}
