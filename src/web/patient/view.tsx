import { type ComponentType, useEffect, useState } from 'react';
import { OrderPage } from './order/order-page.tsx';
import type { Route } from './route.ts';
import { Failure } from './told.tsx';
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

interface LaterProps<Props> {
  readonly load: () => Promise<{ readonly default: ComponentType<Props> }>;
  readonly props: Props;
  readonly visit: Visit;
}

/** A part that is fetched first. */
export function Later<Props extends object>({ load, props, visit }: LaterProps<Props>) {
  const [Part, setPart] = useState<ComponentType<Props>>();
  const [problem, setProblem] = useState<unknown>();
  const fetchPart = () => {
    setProblem(undefined);
    load().then(({ default: part }) => setPart(() => part), setProblem);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is fetched is the same as long as the part is there
  useEffect(fetchPart, []);
  if (problem !== undefined) return <Failure words={visit.words} problem={problem} onRetry={fetchPart} />;
  return Part === undefined ? <p role="status">{visit.words.loading}</p> : <Part {...props} />;
}
