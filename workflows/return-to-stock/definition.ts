/** What both workflows of a return have in common: its object, its clocks and how its claims are given back. */
import { clear, raise } from '../cases.js';
import { claims } from '../systems.js';
import type { Run } from '../saga/run.js';
import type { ReturnReceived } from './contract.js';

export const shared = {
  object: (input: ReturnReceived) => ({ source: input.source, kind: 'return', key: input.returnNo }),
  captured: {
    timer: 'T-04',
    onDue: (run: Run) =>
      raise(run, 'X-37', `Return ${run.businessKey} is late in the ERP`, 'a credit memo in time', 'none yet'),
  },
  absent: {
    timer: 'T-39',
    everyMs: 60_000,
    onDue: (run: Run) =>
      raise(
        run,
        'X-61',
        'The goods are back in stock, but the return itself has not come',
        'a return',
        'only its movement',
      ),
    onCome: (run: Run) => clear(run, 'X-61', 'The return has come'),
  },
  giveBack: (run: Run, why: string) =>
    claims.giveBack.executeWithOptions({ summary: 'Give the quantities back' }, [
      { source: run.source, returnNo: run.businessKey, why },
    ]),
};
