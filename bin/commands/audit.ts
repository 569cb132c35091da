/** `audit verify`: the hash chain of the audit trail. */
import type { Command } from 'commander';
import { verifyAudit, type AuditVerdict } from '../../store/audit.js';
import { withCommon, type CommonOptions } from '../output.js';
import { counted, lasting } from '../../views/format.js';
import { withAccess } from './access.js';

export function auditCommand(program: Command): void {
  const audit = program.command('audit').description('the audit trail');
  withCommon(audit.command('verify'))
    .description('walks the whole chain and names the first row that does not fit')
    .action(async (options: CommonOptions) => {
      await withAccess(options, async ({ db, output }) => {
        const verdict = await verifyAudit(db);
        output.result({ ok: verdict.firstBad === null, ...verdict }, verdictText);
        if (verdict.firstBad !== null) process.exitCode = 1;
      });
    });
}

function verdictText({ sealed, unsealed, oldestUnsealedMs, firstBad }: AuditVerdict): string {
  const open =
    unsealed === 0
      ? 'Every row is sealed.'
      : `${counted(unsealed, 'row')} not sealed yet, the oldest ${lasting(oldestUnsealedMs)} old.`;
  if (firstBad === null) return `The audit trail holds: ${counted(sealed, 'sealed row')} in one chain. ${open}`;
  return [
    `The audit trail does NOT hold after ${counted(sealed, 'row')}.`,
    `  first bad: number ${firstBad.sealNo} in the chain${firstBad.id === null ? '' : ` (audit row ${firstBad.id})`}: ${firstBad.why}`,
    open,
  ].join('\n');
}
