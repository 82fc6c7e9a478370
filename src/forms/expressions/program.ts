import type { Expr } from '../../fhirpath/fhirpath.ts';
import type { FormExpression } from './expression.ts';
import type { Reads } from './reads.ts';

/** A FHIRPath expression of a form, compiled where its names are known. */
export interface PathProgram {
  readonly kind: 'path';
  readonly expr: Expr;
  readonly reads: Reads;
  /** The variables that it uses. */
  readonly uses: readonly FormExpression[];
  /** It asks for weights of answers that do not tell their item. */
  readonly asksOwners: boolean;
}

/** An x-fhir-query: its fixed text, and the programs of its placeholders, in order. */
export interface QueryProgram {
  readonly kind: 'query';
  readonly parts: readonly (string | PathProgram)[];
  readonly reads: Reads;
}

export type Program = PathProgram | QueryProgram;
