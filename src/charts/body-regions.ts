/**
 * Where the places of a body map lie (CodeSystem pain-region), as outlines of the half of the body right of its middle
 * line; the other half is its mirror image. Drawn for Svar: 36 places, of which limbs show on both sides of the body.
 */
export type BodySide = 'front' | 'back';

/** x outwards from the middle line, y from the crown; the body is 340 high and 66 wide from its middle. */
type Outline = readonly (readonly [number, number])[];

export const BODY_HEIGHT = 340;
export const BODY_HALF_WIDTH = 70;

const head: Outline = [
  [0, 2],
  [11, 4],
  [19, 14],
  [20, 28],
  [16, 41],
  [9, 49],
  [0, 53],
];
const limbs: readonly (readonly [string, Outline])[] = [
  ['head', head],
  [
    'neck',
    [
      [0, 53],
      [9, 49],
      [11, 62],
      [0, 66],
    ],
  ],
  [
    'shoulder',
    [
      [11, 62],
      [34, 67],
      [46, 78],
      [48, 96],
      [35, 94],
      [27, 76],
    ],
  ],
  [
    'upper-arm',
    [
      [35, 94],
      [48, 96],
      [52, 130],
      [40, 131],
    ],
  ],
  [
    'elbow',
    [
      [40, 131],
      [52, 130],
      [55, 150],
      [43, 152],
    ],
  ],
  [
    'forearm',
    [
      [43, 152],
      [55, 150],
      [62, 188],
      [51, 192],
    ],
  ],
  [
    'hand',
    [
      [51, 192],
      [62, 188],
      [69, 202],
      [66, 218],
      [58, 224],
      [52, 212],
    ],
  ],
  [
    'knee',
    [
      [12, 248],
      [36, 248],
      [34, 270],
      [14, 270],
    ],
  ],
  [
    'lower-leg',
    [
      [14, 270],
      [34, 270],
      [30, 320],
      [16, 320],
    ],
  ],
  [
    'foot',
    [
      [16, 320],
      [30, 320],
      [38, 334],
      [34, 339],
      [14, 339],
    ],
  ],
];

const front: readonly (readonly [string, Outline])[] = [
  ...limbs,
  [
    'chest-front',
    [
      [0, 66],
      [11, 62],
      [27, 76],
      [25, 122],
      [0, 124],
    ],
  ],
  [
    'chest-side',
    [
      [27, 76],
      [35, 94],
      [37, 122],
      [25, 122],
    ],
  ],
  [
    'abdomen',
    [
      [0, 124],
      [37, 122],
      [35, 160],
      [0, 164],
    ],
  ],
  [
    'groin',
    [
      [0, 164],
      [35, 160],
      [39, 184],
      [14, 194],
      [0, 190],
    ],
  ],
  [
    'thigh',
    [
      [2, 191],
      [14, 194],
      [39, 184],
      [41, 200],
      [36, 248],
      [12, 248],
    ],
  ],
];

const back: readonly (readonly [string, Outline])[] = [
  ...limbs,
  [
    'upper-back',
    [
      [0, 66],
      [11, 62],
      [27, 76],
      [35, 94],
      [37, 122],
      [0, 124],
    ],
  ],
  [
    'lower-back',
    [
      [0, 124],
      [37, 122],
      [35, 158],
      [0, 160],
    ],
  ],
  [
    'hip',
    [
      [0, 160],
      [35, 158],
      [41, 192],
      [22, 202],
      [2, 196],
    ],
  ],
  [
    'thigh',
    [
      [2, 196],
      [22, 202],
      [41, 192],
      [41, 204],
      [36, 248],
      [12, 248],
    ],
  ],
];

/** One place as it shows on one side of the body. */
export interface BodyRegion {
  /** Code of CodeSystem pain-region: `knee-left`. */
  readonly code: string;
  readonly side: BodySide;
  readonly outline: Outline;
}

/**
 * All places of a side, x from 0 to twice BODY_HALF_WIDTH. Left and right are the patient's: seen from the front the left
 * half is to the viewer's right.
 */
export function bodyRegions(side: BodySide): readonly BodyRegion[] {
  const viewersRight = side === 'front' ? 'left' : 'right';
  const viewersLeft = side === 'front' ? 'right' : 'left';
  return (side === 'front' ? front : back).flatMap(([name, half]) => [
    { code: `${name}-${viewersLeft}`, side, outline: half.map(([x, y]) => [BODY_HALF_WIDTH - x, y] as const) },
    { code: `${name}-${viewersRight}`, side, outline: half.map(([x, y]) => [BODY_HALF_WIDTH + x, y] as const) },
  ]);
}

/** A region as SVG path data, moved and scaled. */
export function regionPath({ outline }: BodyRegion, left = 0, top = 0, scale = 1): string {
  const points = outline.map(
    ([x, y]) => `${Math.round((left + x * scale) * 100) / 100},${Math.round((top + y * scale) * 100) / 100}`,
  );
  return `M${points.join('L')}Z`;
}
