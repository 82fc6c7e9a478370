import { TWO_NUMBERS_FORM } from '../keys.ts';
import type { Emit, Indexer } from './emit.ts';
import { finite, isObject } from './json.ts';

/** Location.position, for `near`: lo is the latitude and hi the longitude. What is no place on earth is not indexed. */
export const positionIndexer: Indexer = (value: unknown, out: Emit) => {
  const latitude = isObject(value) ? finite(value.latitude) : undefined;
  const longitude = isObject(value) ? finite(value.longitude) : undefined;
  if (latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
    out.range(TWO_NUMBERS_FORM, latitude, longitude);
  }
};
