import type Provider from 'oidc-provider';
import type { KeyRing } from './key-ring.ts';

/** oidc-provider takes its keys when it is made: one is made anew when an operator has rotated them. */
export class ProviderCache {
  readonly #keys: KeyRing;
  readonly #make: (keys: Awaited<ReturnType<KeyRing['current']>>) => Provider;
  #made: { readonly state: string; readonly provider: Provider } | undefined;

  constructor(keys: KeyRing, make: (keys: Awaited<ReturnType<KeyRing['current']>>) => Provider) {
    this.#keys = keys;
    this.#make = make;
  }

  async get(): Promise<Provider> {
    const keys = await this.#keys.current();
    if (this.#made?.state !== keys.state) this.#made = { state: keys.state, provider: this.#make(keys) };
    return this.#made.provider;
  }
}
