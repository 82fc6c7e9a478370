/** Where in the app somebody is. Everything is in the address: the browser's back button and a reload lead where they should. */
export type Route =
  | { readonly at: 'home' | 'results' | 'consent' | 'left' }
  | { readonly at: 'order'; readonly order: string; readonly view: OrderView };

/** What is on screen of one order. */
export type OrderView = 'fill' | 'review' | 'receipt' | 'not-now';

const BASE = '/patient/';
const VIEWS: readonly OrderView[] = ['review', 'receipt', 'not-now'];
/** As FHIR's ids are. */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** The route of an address; what is not known leads home. */
export function routeOf({ pathname, search }: { readonly pathname: string; readonly search: string }): Route {
  const page = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : '';
  if (page === 'results' || page === 'consent' || page === 'left') return { at: page };
  const query = new URLSearchParams(search);
  const order = query.get('order');
  if (page !== '' || order === null || !ID.test(order)) return { at: 'home' };
  return { at: 'order', order, view: VIEWS.find((view) => view === query.get('view')) ?? 'fill' };
}

/** The address of a route. */
export function addressOf(route: Route): string {
  if (route.at === 'home') return BASE;
  if (route.at !== 'order') return BASE + route.at;
  return `${BASE}?order=${route.order}${route.view === 'fill' ? '' : `&view=${route.view}`}`;
}
