import type { JSONWebKeySet, JWK } from 'jose';

/** Reads a JSON Web Key Set (RFC 7517, section 5), or one key; undefined where it is neither. */
export function keySet(text: string): JSONWebKeySet | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isKey(value)) return { keys: [value] };
  const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
  return Array.isArray(keys) && keys.every(isKey) ? { keys } : undefined;
}

function isKey(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
}
