/** Bugs that were made on purpose: each is a patch of the product, and names the one test that must catch it. */
import type { PlantedBug } from './planted-bug.js';

export type { PlantedBug } from './planted-bug.js';

const POSTING = 'test/activities/posting.test.ts';
const SETTLE = 'test/activities/settle.test.ts';
const LONE = 'test/driver/lone-half.test.ts';

export const BUGS: readonly PlantedBug[] = [
  {
    name: 'no-fence',
    breaks: 'An attempt sends although another one has taken its place.',
    edits: [{ file: 'activities/posting/send.ts', from: 'if (!mine) return', to: 'if (fence < 0) return' }],
    test: {
      file: POSTING,
      name: 'an attempt whose fence was raised meanwhile sends nothing, even within its deadline',
    },
    needs: 'postgres',
    always: true,
  },
  {
    name: 'no-deadline',
    breaks: 'An attempt that was stopped for longer than its deadline sends all the same.',
    edits: [
      {
        file: 'activities/posting/send.ts',
        from: 'if (clock.passedMs() >= deps.config.sendDeadlineMs)',
        to: 'if (clock.passedMs() < 0)',
      },
    ],
    test: {
      file: POSTING,
      name: 'an attempt stopped between reserve and check for longer than its deadline sends nothing',
    },
    needs: 'postgres',
  },
  {
    name: 'believe-early',
    breaks: '"Not found" is believed while a request may still land.',
    edits: [
      {
        file: 'activities/settle/search.ts',
        from: 'row.bound_passed && row.noted_cycle === null',
        to: 'row.noted_cycle === null',
      },
    ],
    test: {
      file: SETTLE,
      name: 'is not believed absent before everything sent has had time to land, however many cycles end',
    },
    needs: 'postgres',
  },
  {
    name: 'status-stale',
    breaks: 'The cycle noted for a proof comes from a status that was asked for too early.',
    edits: [
      {
        file: 'activities/settle/round.ts',
        from: '  const begunAt = await storeNow(db);\n',
        to: '  const early = await readCall(deps, PATIENCE_MS, () => deps.erp.clock());\n  const begunAt = await storeNow(db);\n',
      },
      {
        file: 'activities/settle/round.ts',
        from: '  const clock = await readCall(deps, PATIENCE_MS, () => deps.erp.clock());\n',
        to: '  const clock = early;\n',
      },
    ],
    test: { file: SETTLE, name: 'is not noted by a status that was asked for before the bound had passed' },
    needs: 'postgres',
  },
  {
    name: 'same-cycle',
    breaks: 'The cycle that was running when the bound passed counts as proof.',
    edits: [
      {
        file: 'activities/settle/search.ts',
        from: '(status.last_completed ?? 0) > row.noted_cycle',
        to: '(status.last_completed ?? 0) >= row.noted_cycle',
      },
    ],
    test: {
      file: SETTLE,
      name: 'is not believed absent by the cycle that was the highest when the bound had passed',
    },
    needs: 'postgres',
  },
  {
    name: 'silence-is-no',
    breaks: 'A send without an answer counts as not stored and is sent again.',
    edits: [
      {
        file: 'activities/posting/send.ts',
        from: "return note(deps, at, 'reply', 'unknown', undefined, { why: outcome.why });",
        to: "await move(deps.store.db, at, ['sent'], 'intended');\n      return;",
      },
    ],
    test: { file: POSTING, name: 'a stored document that no search shows yet is not sent again' },
    needs: 'postgres',
  },
  {
    name: 'mark-after-post',
    breaks: 'A posting is marked as sent by its answer instead of before its bytes leave.',
    edits: [
      {
        file: 'store/posting-moves.ts',
        from: "update posting set state = 'sent', fence = fence + 1, tries",
        to: "update posting set state = 'intended', fence = fence + 1, tries",
      },
      {
        file: 'store/posting-moves.ts',
        from: "and fence = ${fence} and state = 'sent'`.execute(db);\n  return rows.length > 0;",
        to: "and fence = ${fence} and state = 'intended'`.execute(db);\n  return rows.length > 0;",
      },
      {
        file: 'activities/posting/send.ts',
        from: "move(trx, at, ['sent'], 'accepted'",
        to: "move(trx, at, ['intended'], 'accepted'",
      },
    ],
    test: { file: POSTING, name: 'an attempt stopped between send and record finds its document settled by others' },
    needs: 'postgres',
  },
  {
    name: 'lane-freed-by-time',
    breaks: 'A lane taken long ago counts as free although nobody knows what became of its document.',
    edits: [
      {
        file: 'store/lanes.ts',
        from: 'from lane where tenant = ${claim.tenant} and lane = any(${claim.lanes})\n         and external_ref',
        to: "from lane where tenant = ${claim.tenant} and lane = any(${claim.lanes})\n         and taken_at > clock_timestamp() - interval '1 day' and external_ref",
      },
    ],
    test: { file: 'test/store/postings.test.ts', name: 'a lane is freed by the outcome, never by time' },
    needs: 'postgres',
  },
  {
    name: 'reference-with-attempt',
    breaks: 'The reference of a posting holds the number of the attempt.',
    edits: [
      {
        file: 'workflows/saga/run.ts',
        from: 'this.onTheWay.send(posting, reference)',
        to: 'this.onTheWay.send(posting, `${reference}-${asked}`)',
      },
    ],
    test: { file: 'test/driver/plain.test.ts', name: 'a document refused and tried again keeps its one reference' },
    needs: 'nothing',
  },
  {
    name: 'undo-after-step',
    breaks: 'The undo of a preparing step is registered when the step has come back.',
    edits: [
      {
        file: 'workflows/saga/run.ts',
        from: '    this.undos.push(spec.undo);\n',
        to: '',
      },
      {
        file: 'workflows/saga/run.ts',
        from: '.catch(stepRefused);\n',
        to: '.catch(stepRefused);\n    this.undos.push(spec.undo);\n',
      },
    ],
    test: {
      file: 'test/driver/kit.test.ts',
      name: 'are undone newest first when one is refused, that one included: it may have been done before its no',
    },
    needs: 'nothing',
  },
  {
    name: 'swallowed-refused-undo',
    breaks: 'A reversal that the ERP refuses counts as done.',
    edits: [
      {
        file: 'workflows/reversals.ts',
        from: '    run.board.halfCompensated(true);\n',
        to: '    if (asked > 0) return true;\n    run.board.halfCompensated(true);\n',
      },
    ],
    test: {
      file: LONE,
      name: 'cancelled between the halves, a refused reversal shows half-compensated until a person has settled it',
    },
    needs: 'nothing',
    always: true,
  },
  {
    name: 'cancel-reverses-by-itself',
    breaks: 'A cancel request after the pivot reverses what is posted without asking.',
    edits: [
      {
        file: 'workflows/saga/together.ts',
        from: 'const answer = await run.ask(spec.onCancel(posted));',
        to: "const answer = { choice: 'reverse', why: 'cancelled', by: '' };",
      },
    ],
    test: { file: LONE, name: 'cancelled between the halves, go on posts the missing half' },
    needs: 'nothing',
  },
  {
    name: 'silent-lone-half',
    breaks: 'A return of which one half is posted and the other refused ends as if all were well.',
    edits: [
      {
        file: 'workflows/return-to-stock/ends.ts',
        from: 'if (refused === null) return',
        to: 'if (refused === null || run.posted.length > 0) return',
      },
    ],
    test: {
      file: LONE,
      name: 'restock went ahead, its credit was declined: keep with credit posts the credit after all',
    },
    needs: 'nothing',
  },
  {
    name: 't-38-never-waits',
    breaks: 'The restock goes ahead as soon as the credit waits for a person.',
    edits: [
      {
        file: 'workflows/saga/together.ts',
        from: 'if (!(await condition(() => over() || !waits(), dueMs, { summary }))) return;',
        to: 'if (summary) return;',
      },
    ],
    test: {
      file: 'test/driver/clocks.test.ts',
      name: 'T-38: the restock goes ahead half an hour after the credit began to wait, not one unit sooner',
    },
    needs: 'nothing',
  },
  {
    name: 'incompatible-edit',
    breaks: 'A saga calls something else than the histories of parked ones hold, without a patch marker.',
    edits: [
      {
        file: 'workflows/return-to-stock/assess.ts',
        from: 'blueCherry.findSold,',
        to: "blueCherry['findWhatWasSold' as 'findSold'],",
      },
    ],
    test: { file: 'test/replay/replay.test.ts', name: 'return-to-stock/plain replays' },
    needs: 'nothing',
    always: true,
  },
  {
    name: 'dedupe-by-delivery',
    breaks: 'An event is told from another by its delivery, not by its number and version.',
    edits: [
      {
        file: 'activities/intake/sources/returns.ts',
        from: 'sourceId: wire.returnNo,',
        to: 'sourceId: `${wire.returnNo}#${now.getTime()}`,',
      },
    ],
    test: {
      file: 'test/activities/intake.test.ts',
      name: 'takes every version in once, through gaps, repeats, late rows and readers at once',
    },
    needs: 'postgres',
  },
  {
    name: 'finish-without-newest',
    breaks: 'A saga finishes without looking whether a later version has come.',
    edits: [
      {
        file: 'store/event-claims.ts',
        from: 'if (newer > claim.seen) return',
        to: 'if (newer < 0) return',
      },
    ],
    test: {
      file: 'test/store/inbox.test.ts',
      name: 'an end waits for a version that is just being written, and then sees it',
    },
    needs: 'postgres',
  },
  {
    name: 'second-person-same',
    breaks: 'One person agrees twice where two must agree.',
    edits: [
      {
        file: 'store/desk-verdicts.ts',
        from: 'if (first.person_id === decision.by)',
        to: "if (first.person_id === '')",
      },
    ],
    test: { file: 'test/store/desk-refusals.test.ts', name: 'desk: the first of two people again' },
    needs: 'postgres',
  },
  {
    name: 'half-to-even',
    breaks: 'Half a penny is rounded to the even one instead of away from zero.',
    edits: [{ file: 'domain/money.ts', from: '.round(0, 1)', to: '.round(0, 2)' }],
    test: { file: 'test/unit/domain/money.test.ts', name: '0.125 × 1 is rounded half away from zero to 13' },
    needs: 'nothing',
    always: true,
  },
];
