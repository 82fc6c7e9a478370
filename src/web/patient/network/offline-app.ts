const SCRIPT = '/patient/service-worker.js';
const FORM_CACHE = 'svar-forms';

/** Lets the app open without a net from the next time on; fetched when the page has all that it needs itself. */
export function keepAppOffline(): void {
  // absent where pages come neither by https nor from this very machine
  const { serviceWorker } = navigator as Partial<Pick<Navigator, 'serviceWorker'>>;
  const register = () => void serviceWorker?.register(SCRIPT, { scope: '/patient/' }).catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

/** Which forms were open on this device is nobody else's business. */
export async function forgetForms(): Promise<void> {
  await (globalThis as Partial<Pick<typeof globalThis, 'caches'>>).caches?.delete(FORM_CACHE).catch(() => false);
}
