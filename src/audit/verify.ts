import type { Queryable } from '../model/queryable.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { isNamed } from './agents.ts';
import { chainKeys } from './chain-keys.ts';
import { CHAIN_LOCK, type ChainStart } from './chain-store.ts';
import { type Counts, type Finding, Findings } from './finding.ts';
import { isOwnSecret } from './own-secret.ts';
import { PatientKeys } from './patient-keys.ts';
import { type Head, unpackedHeads } from './seal.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyVersions } from './verify-versions.ts';

export interface Verdict {
  /** The first thousand. */
  readonly findings: readonly Finding[];
  readonly findingsCount: number;
  readonly counts: Counts;
}

/**
 * Verifies the whole audit: every row and link of every chain, that no chain lacks its end as far as `checkpoints` and
 * other chains know, that all who acted are known, and that every version made since the audit began has its row.
 *
 * @param db one session; a transaction is begun and ended on it, so that all is seen at one instant beside servers at work
 * @param checkpoints heads that were kept elsewhere
 * @throws Error where the database was audited under another secret
 */
export async function verify(db: Queryable, secrets: Secrets, checkpoints: readonly Head[]): Promise<Verdict> {
  const keys = chainKeys(secrets);
  const findings = new Findings();
  const counts: Counts = { chains: 0, links: 0, rows: 0, pending: 0, left: 0, versions: 0 };
  await db.query({ text: 'begin isolation level repeatable read read only' });
  try {
    if (!(await isOwnSecret(db, keys))) {
      throw new Error('The database was audited under another secret: nothing of it can be verified with this one.');
    }
    const live = await liveChains(db);
    const starts = await chainStarts(db);
    let next = 1;
    for (const start of starts) {
      for (; next < start.chain; next += 1) {
        findings.add('missing chain', `chain ${next}`);
      }
      next = start.chain + 1;
      counts.chains += 1;
      await verifyChain(db, keys, start, live.has(start.chain), findings, counts);
    }
    await verifyOrphans(db, findings);
    for (const { chain, heads } of starts) {
      await verifyHeads(db, unpackedHeads(heads), `as chain ${chain} found it when it began`, findings);
    }
    await verifyHeads(db, checkpoints, 'as a checkpoint noted it', findings);
    await verifyAgents(db, secrets, findings);
    await verifyVersions(db, new PatientKeys(db, secrets), findings, counts);
  } finally {
    await db.query({ text: 'rollback' });
  }
  return { findings: findings.told, findingsCount: findings.count, counts };
}

/** Chains whose process is at work, by the locks that processes hold. */
async function liveChains(db: Queryable): Promise<ReadonlySet<number>> {
  const { rows } = await db.query<{ chain: number }>({
    text: `select objid::int4 as chain from pg_locks where locktype = 'advisory' and classid = $1 and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`,
    values: [CHAIN_LOCK],
  });
  return new Set(rows.map(({ chain }) => chain));
}

async function chainStarts(db: Queryable): Promise<readonly ChainStart[]> {
  const { rows } = await db.query<ChainStart>({
    text: 'select chain, started::float8 as started, heads from audit_chain order by chain',
  });
  return rows;
}

/** Rows and links of chains that are not there. */
async function verifyOrphans(db: Queryable, findings: Findings): Promise<void> {
  const { rows } = await db.query<{ chain: number }>({
    text: `select distinct chain from audit_seal where chain not in (select chain from audit_chain)
      union select distinct chain from audit where chain not in (select chain from audit_chain)`,
  });
  for (const { chain } of rows) {
    findings.add('missing chain', `chain ${chain}: its rows are there, its beginning is not`);
  }
}

async function verifyHeads(db: Queryable, heads: readonly Head[], as: string, findings: Findings): Promise<void> {
  const { rows } = await db.query<{ chain: number; number: number; found: string | null }>({
    text: `select w.chain, w.number, encode(s.hash, 'hex') as found
      from unnest($1::int4[], $2::int4[]) w (chain, number)
      left join audit_seal s on s.chain = w.chain and s.number = w.number`,
    values: [heads.map(({ chain }) => chain), heads.map(({ number }) => number)],
  });
  const found = new Map(rows.map((row) => [`${row.chain} ${row.number}`, row.found]));
  for (const { chain, number, hash } of heads) {
    const there = found.get(`${chain} ${number}`);
    if (there === null || there === undefined) {
      findings.add('cut chain', `chain ${chain}: link ${number} is gone, ${as}`);
    } else if (there !== hash) {
      findings.add('broken link', `chain ${chain}, link ${number}: it is not the one that was there, ${as}`);
    }
  }
}

async function verifyAgents(db: Queryable, secrets: Secrets, findings: Findings): Promise<void> {
  const missing = await db.query<{ agent: string }>({
    text: 'select distinct a.agent from audit a where not exists (select 1 from audit_agent g where g.id = a.agent)',
  });
  for (const { agent } of missing.rows) {
    findings.add('missing agent', `agent ${agent}`);
  }
  const { rows } = await db.query<{ id: string; patient: string | null; sealed: Buffer }>({
    text: 'select id, patient, sealed from audit_agent',
  });
  for (const row of rows) {
    // the server's secret opens all but patients: one of the staff who was marked as a patient would be named no more
    if (isNamed(secrets, row) !== (row.patient === null)) {
      findings.add('changed agent', `agent ${row.id}`);
    }
  }
}
