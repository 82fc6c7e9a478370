import { UcumLhcUtils } from '@lhncbc/ucum-lhc';

/** A value in base units, as the ucum-lhc package tells it. */
export type BaseUnits = ReturnType<UcumLhcUtils['convertToBaseUnits']>;

let ucum: UcumLhcUtils | undefined;

/** Resolves when units can be converted: here they always can, see ucum-in-browser.ts. */
export function loadUnits(): Promise<void> {
  return Promise.resolve();
}

/** @returns undefined where the library is not loaded */
export function toBaseUnits(code: string, value: number): BaseUnits | undefined {
  ucum ??= UcumLhcUtils.getInstance();
  return ucum.convertToBaseUnits(code, value);
}
