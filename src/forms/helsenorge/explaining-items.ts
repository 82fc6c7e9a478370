import type { Extension, QuestionnaireItem } from '@medplum/fhirtypes';
import { controlCodes } from './item-control.ts';
import { markOf, withMark, withoutMark } from './item-marks.ts';

/** Items of type text that Refero shows as text, and never as a question. */
const EXPLAINING = new Set(['help', 'help-link', 'inline', 'highlight', 'sidebar']);
/** What R4 permits on a text item but not on a display item (que-3, que-6, que-9). */
const BOOLEANS = ['required', 'repeats', 'readOnly'] as const;
/** With these it would be more than text. */
const ANSWERED = ['initial', 'answerOption', 'answerValueSet', 'maxLength'] as const;

/**
 * An explaining text item as what SDC has for it: a display item, or a group if there are items in it. What R4 permits no
 * display item to have, which Structor gives it all the same, is noted and taken away.
 */
export function asShown(item: QuestionnaireItem): QuestionnaireItem {
  if (item.type === 'display') {
    return bare(item, explains(item) ? [{ url: 'type', valueCode: 'display' }] : []);
  }
  if (item.type !== 'text' || !explains(item) || ANSWERED.some((name) => name in item)) return item;
  return item.item === undefined
    ? bare({ ...item, type: 'display' }, [])
    : withMark({ ...item, type: 'group' }, [{ url: 'type', valueCode: 'text' }]);
}

/** An explaining item as Refero knows it, of type text; any item without notes. */
export function asDialectText(item: QuestionnaireItem): QuestionnaireItem {
  const mark = markOf(item);
  const type = mark.find(({ url }) => url === 'type')?.valueCode;
  const plain = withoutMark(item);
  if (item.type === 'group') return type === 'text' ? { ...plain, type: 'text' } : plain;
  if (item.type !== 'display') return plain;
  const flags = BOOLEANS.flatMap((name) => {
    const value = mark.find(({ url }) => url === name)?.valueBoolean;
    return value === undefined ? [] : [[name, value]];
  });
  const code = mark.flatMap(({ url, valueCoding }) =>
    url === 'code' && valueCoding !== undefined ? [valueCoding] : [],
  );
  return {
    ...plain,
    ...Object.fromEntries(flags),
    ...(code.length > 0 && { code }),
    type: explains(item) && type !== 'display' ? 'text' : 'display',
  };
}

function bare(
  { required, repeats, readOnly, code, ...rest }: QuestionnaireItem,
  parts: Extension[],
): QuestionnaireItem {
  const flags = { required, repeats, readOnly };
  return withMark(rest, [
    ...parts,
    ...BOOLEANS.flatMap((name) => (flags[name] === undefined ? [] : [{ url: name, valueBoolean: flags[name] }])),
    ...(code ?? []).map((valueCoding) => ({ url: 'code', valueCoding })),
  ]);
}

function explains({ extension }: QuestionnaireItem): boolean {
  return controlCodes(extension).some((code) => EXPLAINING.has(code));
}
