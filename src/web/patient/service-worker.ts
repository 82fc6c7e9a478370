/**
 * Lets the patient's app open without a net. It holds the app itself, as it was built, and the forms that were open on this
 * device; never anything about a patient: pages with data in them, sessions, orders and answers come from the network alone,
 * and what is kept of answers is encrypted (device/device.ts). A new build is fetched beside the old one and takes its place
 * when no page of the old one is open, so that a form under way goes on with the files that it began with.
 */

/** Of this build, set by src/web/build.ts. */
declare const BUILD: string;
declare const FILES: readonly string[];

/** What is used of a service worker's global scope: TypeScript knows either a window's or a worker's. */
interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
interface LifeEvent {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends LifeEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = self as unknown as WorkerScope;

/** The page without anybody's data in it. */
const SHELL = '/patient/shell';
const APP_CACHES = 'svar-app-';
const APP_CACHE = APP_CACHES + BUILD;
/** Emptied when somebody signs out (drafts/drafts.ts): it tells which forms were open here. */
const FORM_CACHE = 'svar-forms';
const FORMS_MAX = 10;

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(APP_CACHE).then((cache) => cache.addAll([SHELL, ...FILES])));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldBuilds().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.location.origin) return;
  if (request.mode === 'navigate') {
    if (pathname.startsWith('/patient/')) event.respondWith(pageOrShell(request));
  } else if (pathname.startsWith('/patient/assets/')) {
    event.respondWith(keptOrFetched(request));
  } else if (pathname === '/fhir/R4/Questionnaire') {
    event.respondWith(formOrKept(event));
  }
});

async function forgetOldBuilds(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(APP_CACHES) && name !== APP_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function pageOrShell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (problem) {
    const shell = await caches.match(SHELL);
    if (shell === undefined) throw problem;
    return shell;
  }
}

/** A file whose name holds a digest is the same for ever. */
async function keptOrFetched(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Forms tell nothing of patients; the newest is used wherever there is a net. */
async function formOrKept(event: FetchEvent): Promise<Response> {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(keepForm(request, answer.clone()));
    return answer;
  } catch (problem) {
    const kept = await caches.match(request, { cacheName: FORM_CACHE, ignoreVary: true });
    if (kept === undefined) throw problem;
    return kept;
  }
}

async function keepForm(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(FORM_CACHE);
  await cache.put(request, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - FORMS_MAX)).map((old) => cache.delete(old)));
}

export type {};
