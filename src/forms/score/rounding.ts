/** Rounds half away from zero by the decimal digits as written: 1.005 to two decimals is 1.01, -0.45 to one is -0.5. */
export function roundTo(value: number, decimals: number): number {
  if (Math.abs(value) < 1e-6) return 0;
  const size = Number(`${Math.round(Number(`${Math.abs(exact(value))}e${decimals}`))}e-${decimals}`);
  return value < 0 ? -size || 0 : size;
}

/** Takes away what binary addition leaves behind: 0.1 + 0.2 is 0.3. Twelve digits are kept. */
export function exact(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
