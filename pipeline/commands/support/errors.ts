/** Something is wrong that a person can mend. `exitCode` 1: the work could not be done; 2: the command was used badly. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Bad use of a command: exit code 2. */
export const badUse = (message: string): UserError => new UserError(message, 2);

/** Errors that only a fault of ours raises: their stack is worth reading. */
const faults = [TypeError, ReferenceError, RangeError, SyntaxError];

/** What to print for an error: its message; for a fault of ours, its stack too. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (faults.some((fault) => error.constructor === fault))
    return `error: this is a fault in Soundings, please report it\n${error.stack ?? error.message}`;
  return `error: ${error.message}`;
}

export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof Error && "exitCode" in error && error.exitCode === 2 ? 2 : 1;
}

/**
 * Wraps the action of a command: an error becomes one message on standard error and exit code 1 or 2.
 * An action that finds something wrong without an error returns the exit code itself.
 */
export function run<A extends unknown[]>(
  action: (...args: A) => Promise<number | undefined>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = (await action(...args)) ?? 0;
    } catch (error) {
      process.stderr.write(`${describeError(error)}\n`);
      process.exitCode = exitCodeOf(error);
    }
  };
}
