import { resourceAnswer, versionHeaders } from './answer.ts';
import { notModified } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';

/** vread: GET [type]/[id]/_history/[version] (FHIR R4 http.html#vread). */
export async function vread(exchange: Exchange, type: string, id: string, version: number): Promise<Answer> {
  const stored = await exchange.context.interactions.vread(exchange.caller, type, id, version);
  if (notModified(exchange.request.headers, stored)) {
    return { status: 304, headers: versionHeaders(stored), updated: stored.updated };
  }
  return resourceAnswer(exchange, 200, stored);
}
