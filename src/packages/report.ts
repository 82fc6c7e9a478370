import type { LoadReport } from './load-resources.ts';
import { type Refusal, refusalLine } from './package-fault.ts';
import { textTable } from './text-table.ts';

const LINES_MAX = 50;

/** What a load came to, as text for the operator: a line a type, then what was refused, with file and expression. */
export function reportText({ counted, refusals, warnings, parts, partsStored }: LoadReport): string {
  const types = [...new Set(counted.map(({ type }) => type))].sort();
  const rows = types.map((type) => {
    const of = (outcome: string | undefined): number =>
      counted.filter((one) => one.type === type && one.outcome === outcome).length;
    return [type, of('created'), of('updated'), of('unchanged'), of(undefined)] as const;
  });
  const lines = textTable(['', 'created', 'updated', 'unchanged', 'not stored'], rows);
  if (warnings.length > 0) {
    lines.push('', 'Warnings:', ...refusalLines(warnings));
  }
  if (refusals.length > 0) {
    lines.push('', 'Refused:', ...refusalLines(refusals));
    const kept = partsStored === 0 ? 'Nothing was stored.' : `Parts 1 to ${partsStored} of ${parts} are stored.`;
    lines.push('', `${kept} Mend the faults and load again: what is stored already stays as it is.`);
  }
  return `${lines.join('\n')}\n`;
}

/** Refusals, one a line. */
export function refusalLines(refusals: readonly Refusal[]): string[] {
  const lines = refusals.slice(0, LINES_MAX).map((refusal) => `  ${refusalLine(refusal)}`);
  return refusals.length > LINES_MAX ? [...lines, `  and ${refusals.length - LINES_MAX} more`] : lines;
}
