import { APPENDED, KEY, type Ledger, MARKER } from '../ledger.ts';
import type { Stored, StoredRow } from './stored.ts';

/** Compares what was acknowledged with what is stored. @returns what is wrong */
export function checkWrites(ledger: Ledger, { current, history }: Stored): string[] {
  const faults: string[] = [];
  const all = [...current, ...history];
  const versions = Map.groupBy(all, (row) => `${row.type}/${row.id}`);
  const markers = Map.groupBy(all, (row) => identifierOf(row, MARKER) ?? '');

  for (const [name, rows] of versions) {
    const numbers = rows.map((row) => row.version).sort((a, b) => a - b);
    if (numbers.some((version, index) => version !== index + 1)) {
      faults.push(`${name} has the versions ${numbers.join(', ')}`);
    }
    for (const row of rows) {
      if (row.deleted !== (row.content === '') || (row.resource && row.resource.meta?.versionId !== `${row.version}`)) {
        faults.push(`${name} version ${row.version} does not tell its own version`);
      }
    }
  }

  for (const { type, id, version, marker } of ledger.acknowledged) {
    const row = versions.get(`${type}/${id}`)?.find((one) => one.version === version);
    if (row === undefined || identifierOf(row, MARKER) !== marker) {
      faults.push(
        `${type}/${id} version ${version} was acknowledged for ${marker}, but is ${row ? 'another' : 'lost'}`,
      );
    }
  }

  for (const [marker, resources] of ledger.attempts) {
    const written = markers.get(marker)?.length ?? 0;
    if (written !== 0 && written !== resources) {
      faults.push(`${marker} wrote ${written} versions instead of ${resources} or none`);
    }
  }

  for (const { type, id } of ledger.deleted) {
    if (!versions.get(`${type}/${id}`)?.every((row) => row.version < 2 || row.deleted)) {
      faults.push(`${type}/${id} was deleted, but is there again`);
    }
    if (!current.find((row) => row.type === type && row.id === id)?.deleted) {
      faults.push(`${type}/${id} was deleted, but is there`);
    }
  }

  faults.push(...checkConditional(ledger, current), ...checkAppended(ledger, current));
  return faults;
}

function checkConditional(ledger: Ledger, current: readonly StoredRow[]): string[] {
  const faults: string[] = [];
  const byKey = Map.groupBy(current, (row) => identifierOf(row, KEY) ?? '');
  byKey.delete('');
  for (const [key, rows] of byKey) {
    if (rows.length > 1) {
      faults.push(`the conditional creates of ${key} made ${rows.length} resources`);
    }
  }
  for (const [key, ids] of ledger.conditional) {
    if (ids.size > 1 || byKey.get(key)?.[0]?.id !== [...ids][0]) {
      faults.push(`the conditional creates of ${key} were told ${[...ids].join(', ')}`);
    }
  }
  return faults;
}

function checkAppended(ledger: Ledger, current: readonly StoredRow[]): string[] {
  const faults: string[] = [];
  for (const { type, id, value } of ledger.appended) {
    const row = current.find((one) => one.type === type && one.id === id);
    const times = identifiersOf(row).filter((one) => one.system === APPENDED && one.value === value).length;
    if (times !== 1) {
      faults.push(`${value} was appended to ${type}/${id}, and stands there ${times} times`);
    }
  }
  return faults;
}

function identifierOf(row: StoredRow, system: string): string | undefined {
  return identifiersOf(row).find((one) => one.system === system)?.value;
}

function identifiersOf(row: StoredRow | undefined): readonly { system?: string; value?: string }[] {
  const found = (row?.resource as { identifier?: unknown } | undefined)?.identifier;
  return Array.isArray(found) ? (found as { system?: string; value?: string }[]) : [];
}
