import type { Operation } from '../session/operations.ts';
import type { Who } from '../session/who.ts';
import type { Words } from '../words/words.ts';

/** A line of the menu. */
export interface Destination {
  /** Below /clinician/. */
  readonly path: string;
  readonly word: keyof Words['menu'];
  readonly group: 'work' | 'coordination';
  /** To whom it is offered; the server judges each request all the same. */
  readonly isFor: (who: Who) => boolean;
  /** What the server must do for it, beyond FHIR. */
  readonly needs?: Operation;
}

/** Local and system coordinator. */
export const coordinates = ({ role }: Who): boolean => role === 'lc' || role === 'sc';
/** Who is told how many courses a hospital has: its staff of the registry, and the registry's coordinators. */
export const isToldCounts = (who: Who): boolean =>
  who.registry !== undefined && (who.role === 'lu' || coordinates(who));
/** Who looks after what the server could not do. */
export const looksAfter = ({ role }: Who): boolean => role === 'sc' || role === 'operator';

/** Operations of the pages that are made of Svar's own: a server without them has nothing to show there. */
export const NEEDED = {
  access: ['approve', 'PractitionerRole'],
  overview: ['overview', 'ResearchStudy'],
  coverage: ['coverage', 'ResearchStudy'],
  files: ['files', 'ResearchStudy'],
  bots: ['parked-work'],
} as const satisfies Record<string, Operation>;

export const DESTINATIONS: readonly Destination[] = [
  { path: '', word: 'worklist', group: 'work', isFor: (who) => who.may('search', 'Task') },
  { path: 'patient-forms', word: 'patientForms', group: 'work', isFor: (who) => who.may('search', 'Task') },
  { path: 'new', word: 'newCourse', group: 'work', isFor: (who) => who.may('create', 'EpisodeOfCare') },
  { path: 'search', word: 'search', group: 'work', isFor: (who) => who.may('search', 'Patient') },
  { path: 'delivered', word: 'delivered', group: 'work', isFor: (who) => who.may('search', 'Task') },
  { path: 'overview', word: 'overview', group: 'work', isFor: isToldCounts, needs: NEEDED.overview },
  { path: 'places', word: 'places', group: 'coordination', isFor: (who) => who.may('create', 'Location') },
  { path: 'access', word: 'access', group: 'coordination', isFor: coordinates, needs: NEEDED.access },
  { path: 'coverage', word: 'coverage', group: 'coordination', isFor: coordinates, needs: NEEDED.coverage },
  { path: 'reach', word: 'reach', group: 'coordination', isFor: coordinates },
  {
    path: 'files',
    word: 'files',
    group: 'coordination',
    isFor: (who) => who.registry !== undefined,
    needs: NEEDED.files,
  },
  { path: 'bots', word: 'bots', group: 'coordination', isFor: looksAfter, needs: NEEDED.bots },
  { path: 'system', word: 'system', group: 'coordination', isFor: looksAfter },
];
