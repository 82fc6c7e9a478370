/** The operands of the unions at the top of a FHIRPath expression: `A.b | (C.d as E)` has two. */
export function unionParts(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < expression.length; i++) {
    const char = expression[i];
    if (quoted) {
      if (char === '\\') {
        i += 1;
      } else if (char === "'") {
        quoted = false;
      }
    } else if (char === "'") {
      quoted = true;
    } else if (char === '(' || char === '[') {
      depth += 1;
    } else if (char === ')' || char === ']') {
      depth -= 1;
    } else if (char === '|' && depth === 0) {
      parts.push(expression.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(expression.slice(start).trim());
  return parts;
}

/** Parentheses around the whole and blanks removed. */
export function bare(expression: string): string {
  const text = expression.trim();
  if (!text.startsWith('(') || !text.endsWith(')')) {
    return text;
  }
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
    if (depth === 0) {
      return text;
    }
  }
  return bare(text.slice(1, -1));
}

/**
 * The part of a search parameter's expression that concerns one of its base types; undefined if none does. A part that
 * starts with an element (`alias`, `id`) instead of a type concerns every base, as one that starts with `Resource` does.
 */
export function partFor(type: string, expression: string): string | undefined {
  const parts = unionParts(bare(expression)).flatMap((part) => {
    const inner = unionParts(bare(part));
    return inner.length > 1 ? inner : [part];
  });
  const own = parts.filter((part) => {
    const root = /^\(*\s*([A-Za-z]+)/.exec(part)?.[1];
    return (
      root === type || root === 'Resource' || root === 'DomainResource' || (root !== undefined && /^[a-z]/.test(root))
    );
  });
  return own.length === 1 ? bare(own[0] ?? '') : own.join(' | ') || undefined;
}
