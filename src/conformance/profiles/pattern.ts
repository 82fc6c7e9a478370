import { isObject } from '../json.ts';

/** fixed[x]: the value is the same, no more and no less; order of members apart. */
export function equals(value: unknown, fixed: unknown): boolean {
  if (Array.isArray(fixed)) {
    return Array.isArray(value) && value.length === fixed.length && fixed.every((each, at) => equals(value[at], each));
  }
  if (isObject(fixed)) {
    return (
      isObject(value) &&
      Object.keys(value).length === Object.keys(fixed).length &&
      Object.entries(fixed).every(([name, each]) => equals(value[name], each))
    );
  }
  return value === fixed;
}

/** pattern[x]: the value has at least what the pattern has; each entry of a list in the pattern is found in the value's. */
export function contains(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((each) => value.some((item) => contains(item, each)));
  }
  if (isObject(pattern)) {
    return isObject(value) && Object.entries(pattern).every(([name, each]) => contains(value[name], each));
  }
  return value === pattern;
}
