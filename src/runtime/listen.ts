import type { Server } from 'node:http';

/**
 * Lets a server listen; resolves to its port. Rejects with words for the operator if the port is taken or may not be
 * used by this account.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (problem: NodeJS.ErrnoException): void => reject(new Error(reason(problem, host, port)));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function reason({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Set PORT to a free one, as in PORT=8081.`;
  if (code === 'EACCES') return `This account may not listen on port ${port}. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `This machine has no address ${host} (SVAR_HOST).`;
  return `The server cannot listen on ${host}:${port}: ${message}`;
}
