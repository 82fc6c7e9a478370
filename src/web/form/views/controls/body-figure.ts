/** A place of the body map on one side of a figure: half a body is drawn, the other half mirrors it. */
interface Place {
  /** Of CodeSystem pain-region, without the side. */
  readonly region: string;
  readonly path: string;
}

/** In the units of the paths: from the left edge, the top; width, height. Half a body ends at the middle, x = 50. */
export const VIEW_BOX = '5 1 90 214';
export const MIRRORED = 'matrix(-1 0 0 1 100 0)';

const LIMBS: readonly Place[] = [
  { region: 'head', path: 'M50 3C41 3 36 9 36 18C36 27 42 34 50 35Z' },
  { region: 'neck', path: 'M50 36C47 36 44 35 43 34L42 41L33 45L34 48L50 48Z' },
  { region: 'shoulder', path: 'M31 45.5L33 48.5L33 58L19 61C18 51 23 46.5 31 45.5Z' },
  { region: 'upper-arm', path: 'M18.8 62L29 60C28.5 68 27 76 25.5 83L14 81Z' },
  { region: 'elbow', path: 'M13.8 82.3L25.3 84.3L23 97L11 95Z' },
  { region: 'forearm', path: 'M10.8 96.3L22.8 98.3L18.5 121L8.5 119.5Z' },
  { region: 'hand', path: 'M8.3 120.8L18.5 122.3C20 130 18 138 13.5 140C8.5 139 6.5 130 8.3 120.8Z' },
  { region: 'knee', path: 'M29.3 152L46.8 152L46.3 166.5L30.8 166.5Z' },
  { region: 'lower-leg', path: 'M30.8 167.8L46.3 167.8L44 198L34.3 198Z' },
  { region: 'foot', path: 'M34.3 199.3L44 199.3C46 204 46.5 210 45 213L28 213C27 209 31.5 204 34.3 199.3Z' },
];

export const FRONT: readonly Place[] = [
  ...LIMBS,
  { region: 'chest-front', path: 'M34.3 49.3L50 49.3L50 76L38 76C36 68 34.5 59 34.3 49.3Z' },
  { region: 'chest-side', path: 'M33 59.5L34 59.3C34.5 65 36 71 37 76.5L37.3 84L29 84C28.5 76 29 67 30.5 60Z' },
  { region: 'abdomen', path: 'M38 77.3L50 77.3L50 101L37 101L28.5 98C29 93 29 89 29 85.3L38.3 85.3Z' },
  { region: 'hip', path: 'M28.3 99.3L36.5 102.3L36 121L26.5 121C26 113 27 105 28.3 99.3Z' },
  { region: 'groin', path: 'M37.5 102.3L50 102.3L50 121L37.3 121Z' },
  { region: 'thigh', path: 'M26.5 122.3L49.3 122.3L47 150.7L29.2 150.7Z' },
];

export const BACK: readonly Place[] = [
  ...LIMBS,
  { region: 'upper-back', path: 'M34.3 49.3L50 49.3L50 76L31 76C30 70 30 65 30.5 60L34 59.3Z' },
  { region: 'lower-back', path: 'M31 77.3L50 77.3L50 99L28.5 99C29 91 29.5 84 31 77.3Z' },
  { region: 'hip', path: 'M28.3 100.3L50 100.3L50 124L26.4 124C26 115 27 107 28.3 100.3Z' },
  { region: 'thigh', path: 'M26.5 125.3L49.3 125.3L47 150.7L29.2 150.7Z' },
];
