import { FhirPathSyntaxError } from '../../fhirpath/fhirpath.ts';
import type { Site } from './compile-expressions.ts';
import { compilePath } from './compile-path.ts';
import type { PathProgram, QueryProgram } from './program.ts';

/** An x-fhir-query with FHIRPath in `{{ }}` (SDC, "Using expressions", FHIR Query). @throws FhirPathSyntaxError */
export function compileQuery(text: string, site: Site): QueryProgram {
  const parts: (string | PathProgram)[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    if (close < 0) {
      throw new FhirPathSyntaxError('a {{ without }}', open);
    }
    parts.push(text.slice(at, open), compilePath(text.slice(open + 2, close), site));
    at = close + 2;
  }
  parts.push(text.slice(at));
  const reads = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.reads]));
  return {
    kind: 'query',
    parts: parts.filter((part) => part !== ''),
    reads: {
      linkIds: new Set(reads.flatMap((each) => [...each.linkIds])),
      names: new Set(reads.flatMap((each) => [...each.names])),
      open: reads.some((each) => each.open),
    },
  };
}
