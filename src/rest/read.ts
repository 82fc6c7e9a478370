import { resourceAnswer, versionHeaders } from './answer.ts';
import { notModified } from './conditions.ts';
import type { Answer, Exchange } from './exchange.ts';

/** read: GET [type]/[id] (FHIR R4 http.html#read); 304 where the reader has this version. */
export async function read(exchange: Exchange, type: string, id: string): Promise<Answer> {
  const stored = await exchange.context.interactions.read(exchange.caller, type, id);
  if (notModified(exchange.request.headers, stored)) {
    return { status: 304, headers: versionHeaders(stored), updated: stored.updated };
  }
  return resourceAnswer(exchange, 200, stored);
}
