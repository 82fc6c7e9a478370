import { createInterface } from 'node:readline/promises';

/**
 * One line from standard input: what names a person is not an argument, which everybody on the machine can read and the
 * shell remembers. At a terminal it is asked for.
 */
export async function lineOf(question: string): Promise<string> {
  const input = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  try {
    if (process.stdin.isTTY) return (await input.question(`${question}: `)).trim();
    for await (const line of input) return line.trim();
    return '';
  } finally {
    input.close();
  }
}
