import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { coordinates, isToldCounts, looksAfter, NEEDED } from './frame/navigation.ts';
import type { Operation } from './session/operations.ts';
import type { Who } from './session/who.ts';

/** A page of the app: its way below /clinician/, and its code, which is loaded when somebody goes there. */
export interface PageRoute {
  /** React Router's pattern, such as `course/:course/*`. */
  readonly path: string;
  /** A component without properties: it reads the way by useParams(), and renders a `Page` (frame/page.tsx). */
  readonly page: LazyExoticComponent<ComponentType>;
  /** To whom it is shown; the server judges each request all the same. */
  readonly isFor?: (who: Who) => boolean;
  /** What the server must do for it, beyond FHIR; told in its place where it does not. */
  readonly needs?: Operation;
}

export const PAGES: readonly PageRoute[] = [
  { path: '', page: lazy(() => import('./worklist/worklist-page.tsx')), isFor: (who) => who.may('search', 'Task') },
  {
    path: 'patient-forms',
    page: lazy(() => import('./patient-forms/patient-forms-page.tsx')),
    isFor: (who) => who.may('search', 'Task'),
  },
  {
    path: 'new',
    page: lazy(() => import('./new-course/new-course-page.tsx')),
    isFor: (who) => who.may('create', 'EpisodeOfCare'),
  },
  {
    path: 'search',
    page: lazy(() => import('./patient-search/search-page.tsx')),
    isFor: (who) => who.may('search', 'Patient'),
  },
  {
    path: 'delivered',
    page: lazy(() => import('./delivered/delivered-page.tsx')),
    isFor: (who) => who.may('search', 'Task'),
  },
  { path: 'course/:course/*', page: lazy(() => import('./course/course-page.tsx')) },
  {
    path: 'patient/:patient',
    page: lazy(() => import('./patient/patient-page.tsx')),
    isFor: (who) => who.may('read', 'Patient'),
  },
  {
    path: 'patient/:patient/profile',
    page: lazy(() => import('./patient/profile-page.tsx')),
    isFor: (who) => who.may('read', 'Patient'),
  },
  {
    path: 'places',
    page: lazy(() => import('./coordinator/places-page.tsx')),
    isFor: (who) => who.may('create', 'Location'),
  },
  {
    path: 'access',
    page: lazy(() => import('./coordinator/access-page.tsx')),
    isFor: coordinates,
    needs: NEEDED.access,
  },
  {
    path: 'overview',
    page: lazy(() => import('./coordinator/overview-page.tsx')),
    isFor: isToldCounts,
    needs: NEEDED.overview,
  },
  {
    path: 'coverage',
    page: lazy(() => import('./coordinator/coverage-page.tsx')),
    isFor: coordinates,
    needs: NEEDED.coverage,
  },
  { path: 'reach', page: lazy(() => import('./coordinator/reach-page.tsx')), isFor: coordinates },
  { path: 'bots', page: lazy(() => import('./coordinator/bots-page.tsx')), isFor: looksAfter, needs: NEEDED.bots },
  {
    path: 'files',
    page: lazy(() => import('./coordinator/files-page.tsx')),
    isFor: (who) => who.registry !== undefined,
    needs: NEEDED.files,
  },
  { path: 'system', page: lazy(() => import('./coordinator/system-page.tsx')), isFor: looksAfter },
  // in no menu
  { path: 'stock/*', page: lazy(() => import('./stock/stock-page.tsx')) },
];
