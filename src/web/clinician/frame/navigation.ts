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
}

/** Local and system coordinator. */
export const coordinates = ({ role }: Who): boolean => role === 'lc' || role === 'sc';
/** Who looks after what the server could not do. */
export const looksAfter = ({ role }: Who): boolean => role === 'sc' || role === 'operator';

export const DESTINATIONS: readonly Destination[] = [
  { path: '', word: 'worklist', group: 'work', isFor: (who) => who.may('search', 'Task') },
  { path: 'new', word: 'newCourse', group: 'work', isFor: (who) => who.may('create', 'EpisodeOfCare') },
  { path: 'search', word: 'search', group: 'work', isFor: (who) => who.may('search', 'Patient') },
  { path: 'delivered', word: 'delivered', group: 'work', isFor: (who) => who.may('search', 'Task') },
  { path: 'places', word: 'places', group: 'coordination', isFor: (who) => who.may('create', 'Location') },
  { path: 'access', word: 'access', group: 'coordination', isFor: coordinates },
  { path: 'coverage', word: 'coverage', group: 'coordination', isFor: coordinates },
  { path: 'reach', word: 'reach', group: 'coordination', isFor: coordinates },
  { path: 'files', word: 'files', group: 'coordination', isFor: (who) => who.registry !== undefined },
  { path: 'bots', word: 'bots', group: 'coordination', isFor: looksAfter },
];
