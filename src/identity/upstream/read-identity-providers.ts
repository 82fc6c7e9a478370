import { Fields } from '../../runtime/fields.ts';
import {
  type IdentifyingClaim,
  type IdentityProvider,
  type OrganizationSource,
  PROVIDERS_MAX,
} from './identity-provider.ts';

/** Not `role` or `record`: src/identity/upstream/choice-router.ts has those addresses. */
const ID = /^(?!(?:role|record)$)[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * Reads the setting `identityProviders`: a list of objects as src/identity/upstream/identity-provider.ts describes them.
 * @param production whether real patients are asked: then a provider is reached by https alone
 * @throws Error whose message completes "identityProviders …", for the operator
 */
export function readIdentityProviders(value: unknown, production: boolean): readonly IdentityProvider[] {
  if (!Array.isArray(value) || value.length > PROVIDERS_MAX)
    throw new Error(`must be a list of at most ${PROVIDERS_MAX}`);
  const providers = value.map((one: unknown, index) => readProvider(new Fields(one, `[${index}]`), production));
  const ids = new Set(providers.map(({ id }) => id));
  if (ids.size < providers.length) throw new Error('must have another id for each');
  return providers;
}

function readProvider(fields: Fields, production: boolean): IdentityProvider {
  const provider: IdentityProvider = {
    id: fields.text('id', ID),
    purpose: fields.text('purpose', /^(staff|patient)$/) === 'staff' ? 'staff' : 'patient',
    label: fields.texts('label'),
    issuer: issuerOf(fields, production),
    clientId: fields.text('clientId'),
    keyFile: fields.text('keyFile'),
    assertionType: fields.optional('assertionType'),
    scopes: fields.list('scopes'),
    dpop: fields.yes('dpop', true),
    pushedRequests: fields.yes('pushedRequests', true),
    acrValues: fields.list('acrValues', []),
    authorizationDetails: fields.objects('authorizationDetails'),
    require: fields.lists('require'),
    person: fields.each('person').map(readPerson),
    organization: fields.each('organization', []).map(readOrganization),
    userinfo: fields.yes('userinfo', false),
  };
  fields.nothingElse();
  if (provider.label.nb === undefined) throw fields.fault('label', 'needs words in nb');
  if (!provider.scopes.includes('openid')) throw fields.fault('scopes', 'must hold openid');
  // whoever vouches for a person says how sure they are: without a level there is nothing to rely on
  if (Object.keys(provider.require).length === 0) throw fields.fault('require', 'must name a claim and its values');
  if (provider.person.length === 0) throw fields.fault('person', 'must name a claim');
  if (provider.purpose === 'staff' && provider.organization.length === 0) {
    throw fields.fault('organization', 'must tell for which hospital staff sign in');
  }
  return provider;
}

function issuerOf(fields: Fields, production: boolean): string {
  const issuer = fields.text('issuer');
  const url = URL.parse(issuer);
  const loopback = url?.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === null || url.search || url.hash || !(url.protocol === 'https:' || (loopback && !production))) {
    throw fields.fault('issuer', 'must be an https address');
  }
  return issuer;
}

function readPerson(fields: Fields): IdentifyingClaim {
  const read = { claim: fields.text('claim'), systems: fields.list('systems') };
  fields.nothingElse();
  return read;
}

function readOrganization(fields: Fields): OrganizationSource {
  const system = fields.text('system');
  const claim = fields.optional('claim');
  const source = claim === undefined ? { value: fields.text('value'), system } : { claim, system };
  fields.nothingElse();
  return source;
}
