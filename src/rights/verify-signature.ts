import type { Parameters, ParametersParameter, Provenance } from '@medplum/fhirtypes';
import type { Endpoint, Exchange } from '../rest/exchange.ts';
import { OperationInput } from '../rest/operation-input.ts';
import { resourceOf } from './one-commit.ts';
import { pathId, type RightsParts, returned } from './parts.ts';
import { canonicalForm } from './signature/canonical-form.ts';
import { verifyDetached } from './signature/detached-jws.ts';
import { SigningKeys } from './signature/signing-keys.ts';

/** Provenances of one Consent that are looked at. */
const PROVENANCES_MAX = 1000;

/**
 * Consent/[id]/$verify-signature: every signature that the caller may read, held against the version that it was made for,
 * by keys that are kept here: never by one that a signature brings along.
 */
export function verifySignature({ engine, secrets }: RightsParts): Endpoint {
  const keys = new SigningKeys(secrets);
  return async (exchange) => {
    const { caller, context } = exchange;
    const id = pathId(exchange);
    new OperationInput(exchange, []);
    const current = await context.interactions.read(caller, 'Consent', id);
    const page = await context.interactions.search(
      caller,
      'Provenance',
      [
        ['target', `Consent/${id}`],
        ['_count', String(PROVENANCES_MAX)],
      ],
      { lenient: false },
    );
    const parameter: ParametersParameter[] = [];
    for (const provenance of page.matches.map((stored) => resourceOf<Provenance>(stored))) {
      const version = Number(versionOf(provenance, id));
      const signed = await signedText(exchange, id, version);
      for (const { data } of provenance.signature ?? []) {
        const jws = Buffer.from(data ?? '', 'base64').toString('utf8');
        const verdict =
          signed === undefined
            ? ({ valid: false, why: 'no-such-version' } as const)
            : await verifyDetached(jws, canonicalForm(signed), (kid) => keys.publicKey(engine.readers, kid));
        parameter.push({
          name: 'signature',
          part: [
            { name: 'valid', valueBoolean: verdict.valid },
            { name: 'version', valueString: String(version) },
            { name: 'current', valueBoolean: version === current.version },
            ...(verdict.valid ? signerParts(verdict.signer) : [{ name: 'why', valueCode: verdict.why }]),
          ],
        });
      }
    }
    const parameters: Parameters = { resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) };
    return returned(exchange, parameters);
  };
}

function signerParts(signer: { who: string; role: string; strength: string; text: string; at: string }) {
  return [
    { name: 'who', valueReference: { reference: signer.who } },
    { name: 'role', valueCode: signer.role },
    { name: 'strength', valueCode: signer.strength },
    { name: 'text', valueString: signer.text },
    { name: 'at', valueDateTime: signer.at },
  ];
}

function versionOf({ target }: Provenance, id: string): string | undefined {
  const prefix = `Consent/${id}/_history/`;
  return target.find(({ reference }) => reference?.startsWith(prefix))?.reference?.slice(prefix.length);
}

async function signedText({ caller, context }: Exchange, id: string, version: number): Promise<string | undefined> {
  if (!Number.isInteger(version)) return undefined;
  return context.interactions.vread(caller, 'Consent', id, version).then(
    ({ content }) => content,
    () => undefined,
  );
}
