import { useEffect, useState } from 'react';
import { addressOf, type Route, routeOf } from './route.ts';

const listeners = new Set<() => void>();

/** Leads to another place of the app. @param how `replace`: the back button does not lead here again */
export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', addressOf(route));
  else history.replaceState(null, '', addressOf(route));
  scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** Where the app is now. @param first where it begins */
export function useRoute(first: Route): Route {
  const [route, setRoute] = useState(first);
  useEffect(() => {
    const listen = () => setRoute(routeOf(location));
    listeners.add(listen);
    addEventListener('popstate', listen);
    return () => {
      listeners.delete(listen);
      removeEventListener('popstate', listen);
    };
  }, []);
  return route;
}
