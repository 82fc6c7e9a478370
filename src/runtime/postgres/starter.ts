import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import net from 'node:net';

/** The right to start the server of a cluster, until it is given back or its process ends. */
export interface Starter {
  done(): void;
}

/**
 * Takes the right to start the server of a cluster; undefined while another process has it. Who may start a server also
 * rewrites the lock file that a dead one left, and must not meet the lock file of a server that another is starting.
 *
 * It is an abstract socket (Linux), which the system takes back however its process ends. Where there are none, nobody
 * is kept out.
 */
export async function takeStart(cluster: string): Promise<Starter | undefined> {
  if (process.platform !== 'linux') {
    return { done: () => undefined };
  }
  const name = createHash('sha256').update(realpathSync(cluster)).digest('hex').slice(0, 32);
  const server = net.createServer((socket) => socket.destroy());
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(`\0svar-start-${name}`, () => resolve(true));
  });
  if (!taken) {
    return undefined;
  }
  server.unref();
  return { done: () => server.close() };
}
