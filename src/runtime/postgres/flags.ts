import os from 'node:os';

/**
 * The settings of the embedded server, for a small machine that also runs Svar. They are given at every start, so that a
 * newer Svar changes them without touching the data folder.
 */
export function postgresFlags(port: number, durable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: !durable ? '64MB' : os.totalmem() >= 4 * 2 ** 30 ? '256MB' : '128MB',
    work_mem: '16MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: `${Math.floor(os.totalmem() / 2 ** 21)}MB`,
    random_page_cost: '1.1',
    jit: 'off',
    // With worker processes a read waits for ever if its worker is killed while PostgreSQL recovers from another crash:
    // it does not count as a crash of its own then (postmaster.c, HandleChildCrash), and nobody takes the read over.
    io_method: 'sync',
    max_locks_per_transaction: '256', // a transaction bundle holds an advisory lock for each of its patients
    wal_compression: 'pglz', // the embedded build has no lz4
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: 'on', // also without fsync: what was acknowledged survives the death of the server
    full_page_writes: durable ? 'on' : 'off',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // The log may hold no patient data: no statements and no DETAIL lines, which quote rows.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
