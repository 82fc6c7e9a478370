import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import vm from 'node:vm';

/** fhirclient's client, as far as tests use it. */
export interface SmartClient {
  readonly patient: { readonly id: string | null; read(): Promise<{ readonly id: string }> };
  readonly user: { readonly fhirUser: string | null; readonly id: string | null };
  readonly encounter: { readonly id: string | null };
  readonly state: { readonly tokenResponse: Readonly<Record<string, unknown>> };
  request(address: string): Promise<{ readonly resourceType: string }>;
  refresh(): Promise<unknown>;
}

interface Fhir {
  readonly oauth2: {
    authorize(options: object): Promise<unknown>;
    ready(options?: object): Promise<SmartClient>;
  };
}

const MODULE = createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.pure.min.js');

/** The tab of a browser in which an app runs fhirclient's minified build, as it is on a web page. */
export class SmartApp {
  readonly #origin: string;
  readonly #storage: Record<string, string> = {};
  /** Every request that the page made: method and address. */
  readonly asked: string[] = [];
  #fhir: Fhir | undefined;
  #location: URL;

  constructor(origin: string) {
    this.#origin = origin;
    this.#location = new URL(origin);
  }

  /** Loads a page of the app. */
  async open(address: string): Promise<void> {
    this.#location = new URL(address);
    const location = this.#location;
    const window: Record<string, unknown> = {
      ...{ URL, URLSearchParams, Headers, Request, Response, AbortController, TextEncoder, TextDecoder, setTimeout },
      ...{ clearTimeout, crypto: globalThis.crypto, isSecureContext: true, console, atob, btoa, Uint8Array },
      location,
      history: {
        replaceState(_state: unknown, _title: string, to: string) {
          location.href = new URL(to, location).href;
        },
      },
      sessionStorage: this.#storage,
      addEventListener: () => undefined,
      document: {},
      fetch: (address: string, init: RequestInit = {}) => this.#fetch(address, init),
    };
    Object.assign(window, { window, self: window, top: window, parent: window });
    const context = vm.createContext(window);
    vm.runInContext(await readFile(MODULE, 'utf8'), context);
    this.#fhir = window.FHIR as Fhir;
  }

  /** Where the app sends the browser to sign in. */
  async authorize(options: object): Promise<string> {
    const to = await this.#loaded().oauth2.authorize({ ...options, noRedirect: true });
    return String(to);
  }

  /** What the app has after the browser came back. */
  ready(): Promise<SmartClient> {
    return this.#loaded().oauth2.ready();
  }

  #loaded(): Fhir {
    if (this.#fhir === undefined) throw new Error('no page is open');
    return this.#fhir;
  }

  /** As a browser does it: what another origin does not allow the page may not see. */
  async #fetch(address: string, init: RequestInit): Promise<Response> {
    this.asked.push(`${init.method ?? 'GET'} ${new URL(address).pathname}`);
    const headers = new Headers(init.headers);
    headers.set('origin', this.#origin);
    const response = await fetch(address, { ...init, headers });
    const allowed = response.headers.get('access-control-allow-origin');
    if (allowed !== '*' && allowed !== this.#origin) throw new TypeError(`CORS: ${address}`);
    return response;
  }
}
