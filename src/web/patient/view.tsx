import { Later } from './later.tsx';
import { OrderPage } from './order/order-page.tsx';
import type { Route } from './route.ts';
import type { Visit } from './visit.ts';

/** The screens that nobody needs before the first question: each is fetched when it is asked for. */
const screens = {
  home: () => import('./more/home.tsx'),
  results: () => import('./more/results.tsx'),
  consent: () => import('./more/consent.tsx'),
} as const;

/** What the address names. */
export function View({ visit, route }: { readonly visit: Visit; readonly route: Route }) {
  if (route.at === 'order') return <OrderPage key={route.order} visit={visit} order={route.order} view={route.view} />;
  const at = route.at === 'left' ? 'home' : route.at;
  return <Later key={at} load={screens[at]} props={{ visit }} visit={visit} />;
}
