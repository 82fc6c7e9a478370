import pino from 'pino';

export type Log = pino.Logger;

/**
 * The log of a process: JSON lines. It never holds patient data: no bodies, no query strings (a search by name or
 * identifier is in them), and of an error only what cannot quote a value. Standard output stays free for what a command
 * is asked to print.
 */
export function createLog(level: string, to: pino.DestinationStream = pino.destination(2)): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggedError, error: loggedError, req: loggedRequest, res: loggedResponse },
    },
    to,
  );
}

interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** What may be logged of an error: PostgreSQL's messages of class 22 and 23, and JSON.parse's, quote the data. */
function loggedError(problem: unknown): LoggedError {
  if (!(problem instanceof Error)) return { type: typeof problem };
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : undefined;
  const quotesData = problem instanceof SyntaxError || /^2[23]...$/.test(code ?? '');
  const frames = problem.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: problem.name,
    ...(code === undefined ? {} : { code }),
    ...(quotesData ? {} : { message: problem.message }),
    ...(frames === undefined ? {} : { stack: frames.join('\n') }),
    ...(problem.cause === undefined ? {} : { cause: loggedError(problem.cause) }),
  };
}

function loggedRequest(request: unknown): Record<string, unknown> {
  const { method, url } = request as { method?: string; url?: string };
  return { method, path: url?.split('?', 1)[0] };
}

function loggedResponse(response: unknown): Record<string, unknown> {
  return { status: (response as { statusCode?: number }).statusCode };
}
