import type { Coding, QuestionnaireItem } from '@medplum/fhirtypes';
import { codes, sdc } from './addresses.ts';
import { same } from './same.ts';

/** Where an item is shown: in the document only, or while the form is filled in only (SDC, code system usageMode). */
const CODES: Readonly<Record<string, Coding>> = {
  display: { system: codes.renderOptions, code: '2', display: 'KunPdf' },
  capture: { system: codes.renderOptions, code: '3', display: 'KunSkjemautfyller' },
};

/** RenderOptions as SDC's usageMode; the code goes where export would write the same in the same place. */
export function withUsageMode(item: QuestionnaireItem): QuestionnaireItem {
  const found = optionsOf(item);
  const [mode, canonical] = Object.entries(CODES).find(([, { code }]) => found[0]?.code === code) ?? [];
  if (mode === undefined || found.length !== 1) return item;
  const told = usageModeOf(item);
  const extension =
    told === undefined ? [...(item.extension ?? []), { url: sdc.usageMode, valueCode: mode }] : item.extension;
  const { code = [], ...rest } = item;
  const goes = item.type !== 'display' && same(code.at(-1), canonical) && (told === undefined || told === mode);
  if (!goes) return { ...item, extension };
  return { ...rest, extension, ...(code.length > 1 && { code: code.slice(0, -1) }) };
}

/** SDC's usageMode as RenderOptions too. R4 permits no code on a display item. */
export function withRenderOption(item: QuestionnaireItem): QuestionnaireItem {
  const canonical = CODES[usageModeOf(item) ?? ''];
  if (canonical === undefined || item.type === 'display' || optionsOf(item).length > 0) return item;
  return { ...item, code: [...(item.code ?? []), canonical] };
}

function usageModeOf({ extension }: QuestionnaireItem): string | undefined {
  return extension?.find(({ url }) => url === sdc.usageMode)?.valueCode;
}

function optionsOf({ code }: QuestionnaireItem): Coding[] {
  return (code ?? []).filter(({ system }) => system === codes.renderOptions);
}
