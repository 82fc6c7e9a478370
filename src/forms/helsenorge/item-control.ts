import type { Coding, Extension } from '@medplum/fhirtypes';
import { itemControl, sdc } from './addresses.ts';
import { type Translation, type Twin, withDoubles, withoutDoubles } from './twins.ts';

/** Codes of FHIR's code system (R4, and SDC's additions) that the dialect may have. */
const SHARED = new Set([
  ...['list', 'table', 'htable', 'gtable', 'atable', 'grid', 'header', 'footer', 'page', 'tab-container'],
  ...['inline', 'prompt', 'unit', 'lower', 'upper', 'flyover', 'help', 'legal'],
  ...['autocomplete', 'drop-down', 'check-box', 'lookup', 'radio-button', 'slider', 'spinner', 'text-box'],
]);
/** What the dialect calls otherwise: a form in steps is a form in pages. */
const TO_SDC = new Map([['step', 'page']]);
const TO_DIALECT = new Map([...TO_SDC].map(([dialect, code]) => [code, dialect]));

/** Codes of how an item is shown: the dialect gives the value set for their system. */
const controlTwin: Twin<Coding> = {
  isSdc: ({ system, code }) => system === itemControl.sdc && SHARED.has(code ?? ''),
  isDialect: ({ system, code }) => system === itemControl.dialect && (SHARED.has(code ?? '') || TO_SDC.has(code ?? '')),
  matches: (one, other) => one.code === (TO_SDC.get(other.code ?? '') ?? other.code),
  toSdc: (coding) => renamed(coding, itemControl.sdc, TO_SDC),
  toDialect: (coding) => renamed(coding, itemControl.dialect, TO_DIALECT),
};

/** Item control extensions with the codings of SDC only, but for codes that SDC has not. */
export function controlsWithoutDoubles(extensions: readonly Extension[]): Extension[] {
  return withCodings(extensions, (codings) => withoutDoubles(codings, controlTwin, () => {}));
}

/** Item control extensions with the codings of both. */
export function controlsWithDoubles(extensions: readonly Extension[]): Extension[] {
  return withCodings(extensions, (codings) => withDoubles(codings, controlTwin, () => {}));
}

/** The codes of how an item is shown, in either system. */
export function controlCodes(extensions: readonly Extension[] | undefined): string[] {
  return (extensions ?? []).flatMap(({ url, valueCodeableConcept }) =>
    url === sdc.itemControl ? (valueCodeableConcept?.coding ?? []).flatMap(({ code }) => code ?? []) : [],
  );
}

function withCodings(extensions: readonly Extension[], change: (codings: Coding[]) => Coding[]): Extension[] {
  return extensions.map((extension) => {
    const coding = extension.url === sdc.itemControl ? extension.valueCodeableConcept?.coding : undefined;
    return coding === undefined
      ? extension
      : { ...extension, valueCodeableConcept: { ...extension.valueCodeableConcept, coding: change(coding) } };
  });
}

function renamed(coding: Coding, system: string, names: ReadonlyMap<string, string>): Translation<Coding> {
  return { to: { ...coding, system, code: names.get(coding.code ?? '') ?? coding.code } };
}
