/** stand-in */
export function leadingDate(_type: string): string | undefined {
  return undefined;
}
