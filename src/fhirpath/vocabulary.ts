import type { Compiler } from './compiler.ts';
import type { Expr, Scope } from './expr.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import type { Ast } from './syntax.ts';

/** What a host of FHIRPath adds to it (FHIRPath N1, "Environment variables" and its allowance for more functions). */
export interface Vocabulary {
  /** The value of `%name`; undefined if the host does not know the name. Asked before the names of FHIR itself. */
  external(name: string): Expr | undefined;
  /** A function that FHIRPath does not have. */
  call(name: string): FunctionCompiler | undefined;
  /** A part that the host computes in a shorter way, to the same result; undefined to let it be compiled as it stands. */
  shortcut?(compiler: Compiler, ast: Ast, scope: Scope): Expr | undefined;
}
