import { canonicalUnit } from '../../../fhirpath/ucum.ts';
import type { Box, Circle } from '../nodes.ts';
import { badValue } from '../refusals.ts';
import { split, unescaped } from '../split.ts';

/** Mean radius of the earth. Distances are those on a sphere: off by half a percent at most from the WGS84 ellipsoid. */
const EARTH_KM = 6371.0088;
const NEAR_KM = 50;
const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,30})?$/;

/**
 * A value of `near`: `latitude|longitude|distance|units` (R4 location.html#near), degrees of WGS84. Without units the distance
 * is in km; without a distance, what lies within 50 km is near. Units are UCUM's units of length.
 */
export function circle(parameter: string, value: string): Circle {
  const parts = split(value, '|').map((part) => unescaped(part).trim());
  const [latitude = Number.NaN, longitude = Number.NaN] = parts.slice(0, 2).map(degrees);
  const km = distance(parts[2], parts[3]);
  if (parts.length > 4 || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || km === undefined) {
    throw badValue(
      parameter,
      'expected latitude|longitude|distance|units such as 60.39|5.32|10|km, in degrees, with a UCUM unit of length',
    );
  }
  const angle = Math.min(km / EARTH_KM, Math.PI);
  return {
    latitude,
    longitude,
    haversine: Math.sin(angle / 2) ** 2,
    boxes: boxesAround(latitude, longitude, angle),
  };
}

function degrees(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** In km; undefined for what is none. */
function distance(text: string | undefined, unit: string | undefined): number | undefined {
  if (!text) {
    return unit ? undefined : NEAR_KM;
  }
  const number = /^[+]?\d/.test(text) ? degrees(text) : Number.NaN;
  const canonical = canonicalUnit(unit || 'km');
  return Number.isFinite(number) && canonical?.unit === 'm' ? canonical.convert(number) / 1000 : undefined;
}

const DEGREES = 180 / Math.PI;
/** Degrees, some centimetres: more than rounding can take away. */
const ROUNDING = 1e-7;

/** Boxes of latitude and longitude that hold the circle: two where it lies across the 180th meridian. */
function boxesAround(latitude: number, longitude: number, angle: number): readonly Box[] {
  const reach = angle * DEGREES + ROUNDING;
  const loMin = latitude - reach;
  const loMax = latitude + reach;
  // Around a pole every longitude is near.
  const width =
    loMin <= -90 || loMax >= 90
      ? 180
      : Math.asin(Math.min(1, Math.sin(angle) / Math.cos(latitude / DEGREES))) * DEGREES + ROUNDING;
  const west = longitude - width;
  const east = longitude + width;
  const across =
    width >= 180 || (west >= -180 && east <= 180)
      ? []
      : [
          west < -180
            ? { loMin, loMax, hiMin: west + 360, hiMax: 180 }
            : { loMin, loMax, hiMin: -180, hiMax: east - 360 },
        ];
  return [{ loMin, loMax, hiMin: width >= 180 ? -180 : west, hiMax: width >= 180 ? 180 : east }, ...across];
}
