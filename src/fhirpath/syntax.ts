/** The syntax tree of a FHIRPath expression (FHIRPath N1, the version that R4 uses). */
export type Ast =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly value: string | number | boolean }
  | { readonly kind: 'quantity'; readonly value: number; readonly unit: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'this' }
  | { readonly kind: 'index' }
  | { readonly kind: 'total' }
  | { readonly kind: 'external'; readonly name: string }
  /** input undefined: the member or function of $this */
  | { readonly kind: 'member'; readonly input: Ast | undefined; readonly name: string }
  | { readonly kind: 'call'; readonly input: Ast | undefined; readonly name: string; readonly args: readonly Ast[] }
  | { readonly kind: 'item'; readonly input: Ast; readonly index: Ast }
  | { readonly kind: 'negative'; readonly operand: Ast }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Ast; readonly right: Ast }
  | { readonly kind: 'type'; readonly operator: 'is' | 'as'; readonly operand: Ast; readonly type: string };

export type LiteralType =
  | 'System.Boolean'
  | 'System.String'
  | 'System.Integer'
  | 'System.Decimal'
  | 'System.Date'
  | 'System.DateTime'
  | 'System.Time';

export interface Token {
  readonly kind: 'name' | 'quotedName' | 'string' | 'number' | 'date' | 'external' | 'variable' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** The expression is not FHIRPath. */
export class FhirPathSyntaxError extends Error {
  constructor(problem: string, at: number) {
    super(`${problem} at position ${at + 1}`);
    this.name = 'FhirPathSyntaxError';
  }
}
