/** Which clock a case runs by: T-30 for an approval, T-35 and T-36 by severity for everything else. */
import { EXCEPTIONS, type ExceptionCode, type Severity } from './failures.js';

/** The policy's name for a clock that is not the same for all: by severity, or by market. `T-36 high`. */
export const timerOf = (timer: string, qualifier: string): string => `${timer} ${qualifier}`;

/** `T-36` of `T-36 high`: what people and reports call it. */
export const timerCode = (timer: string): string => timer.split(' ')[0] ?? timer;

/** The clock by which a case of this code is resolved; `severity` where it is other than its code's. */
export const resolveTimer = (code: ExceptionCode | 'approval', severity?: Severity): string =>
  code === 'approval' ? 'T-30' : timerOf('T-36', severity ?? EXCEPTIONS[code].severity);
