import type { SubscriptionEmitter } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { useMedplum } from '@medplum/react';
import { useEffect, useRef, useState } from 'react';

/** How often is asked again where the server tells nothing by itself. */
const POLL_MS = 15_000;
const FEATURE = 'websocket-subscriptions';

/**
 * Calls when something that meets the criteria was stored, such as `Task?focus=EpisodeOfCare/1`: with what was stored,
 * where the server tells it (websocket subscriptions as Medplum's), else each 15 s without. Undefined criteria: never.
 *
 * @returns whether changes are told at once (`live`), or asked for now and then (`polling`)
 */
export function useLive(
  criteria: string | undefined,
  onChange: (changed: Resource | undefined) => void,
): 'live' | 'polling' {
  const medplum = useMedplum();
  const changed = useRef(onChange);
  changed.current = onChange;
  const [connected, setConnected] = useState(false);
  const offered = medplum.getProject()?.features?.some((feature) => feature === FEATURE) === true;

  useEffect(() => {
    if (criteria === undefined || !offered) return;
    return listened(medplum.subscribeToCriteria(criteria), {
      told: (resource) => changed.current(resource),
      connected: (is) => {
        setConnected(is);
        // what happened while nothing was told is asked for
        if (is) changed.current(undefined);
      },
      ended: () => medplum.unsubscribeFromCriteria(criteria),
    });
  }, [medplum, criteria, offered]);

  useEffect(() => {
    if (criteria === undefined || connected) return;
    const timer = setInterval(() => {
      if (!document.hidden) changed.current(undefined);
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [criteria, connected]);

  return connected ? 'live' : 'polling';
}

interface Listener {
  told(resource: Resource | undefined): void;
  connected(is: boolean): void;
  ended(): void;
}

/** @returns ends it */
function listened(emitter: SubscriptionEmitter, { told, connected, ended }: Listener): () => void {
  const abort = new AbortController();
  emitter.addEventListener('message', ({ payload }) => {
    if (!abort.signal.aborted) told(payload.entry?.[1]?.resource);
  });
  emitter.addEventListener('connect', () => !abort.signal.aborted && connected(true));
  for (const event of ['disconnect', 'error'] as const) {
    emitter.addEventListener(event, () => !abort.signal.aborted && connected(false));
  }
  return () => {
    abort.abort();
    ended();
  };
}
