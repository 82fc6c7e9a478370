/** Whether a value is a literal reference to one of these types, by R4's form of ids. */
export function isReference(value: unknown, types: readonly string[]): value is string {
  const [, type = ''] = (typeof value === 'string' && /^([A-Za-z]+)\/[A-Za-z0-9.-]{1,64}$/.exec(value)) || [];
  return types.includes(type);
}
