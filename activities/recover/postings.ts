/** Postings as the ERP and the histories of sagas know them, written into a store that was set back. */
import type { ToldCall } from '../../domain/told.js';
import { countOpen, doubtOpenPostings, restoreRevision, rowsOf, type Restored } from '../../store/recovery-postings.js';
import { postingByRef, postingsByRefs, type PostingRow, type PostingState } from '../../store/postings.js';
import { readCall } from '../posting/calls.js';
import { lineCountOf } from '../posting/content.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held } from '../posting/erp.js';
import { sighted } from '../posting/found.js';
import { isOurs } from '../posting/reference.js';
import { changedPages } from '../settle/pages.js';
import { rebuild, referencesIn, type ToldReference, type ToldRevision } from './references.js';

export interface PostingsRecovered {
  /** Documents of the ERP that bear a reference of ours, changed since. */
  documents: number;
  /** References that sagas told of. */
  references: number;
  /** Revisions the store had forgotten. */
  made: number;
  /** Revisions that have moved on. */
  moved: number;
  /** On their way for all anybody knows: settle proves what became of them. */
  doubted: number;
  /** Documents no saga accounts for. */
  unexplained: { externalRef: string; number: string }[];
}

const MOST_PAGES = 5_000;
const PATIENCE_MS = 60_000;

type Seen = Map<string, Held[]>;

/** Looks all references up again. `write` false only counts what would be done. @throws when the ERP does not answer. */
export async function recoverPostings(
  deps: PostingDeps,
  calls: readonly ToldCall[],
  since: string,
  write: boolean,
): Promise<PostingsRecovered> {
  const { db } = deps.store;
  const rows = await rowsOf(db, referencesIn(calls));
  const told = [...rebuild(rows, calls).values()];
  const seen = await seenSince(deps, since);
  await lookUpOthers(deps, told, seen);
  const explained = new Set(told.flatMap(({ revisions }) => revisions.map(({ externalRef }) => externalRef)));
  const rest = [...seen.keys()].filter((externalRef) => !explained.has(externalRef));
  const known = new Map((await postingsByRefs(db, [...seen.keys()])).map((row) => [row.external_ref, row]));
  const unexplained = rest
    .filter((externalRef) => !known.has(externalRef))
    .map((externalRef) => ({ externalRef, number: seen.get(externalRef)?.[0]?.number ?? '' }));
  const done: PostingsRecovered = {
    ...{ documents: seen.size, references: told.length, made: 0, moved: 0, doubted: 0, unexplained },
  };
  if (!write) return { ...done, ...(await counted(deps, told, seen, rows)) };
  for (const each of told) done.made += (await writeDown(deps, each, seen, false)).made;
  done.moved += await sightAll(deps, seen);
  for (const each of told) done.moved += (await writeDown(deps, each, seen, true)).moved;
  done.doubted = await doubtOpenPostings(db, deps.config.tenant);
  return done;
}

/** What the ERP has changed since, by our references; asked by its own clock. */
async function seenSince(deps: PostingDeps, since: string): Promise<Seen> {
  const ours = Date.now();
  const clock = await readCall(deps, PATIENCE_MS, () => deps.erp.clock());
  const from = new Date(Date.parse(clock.now) - (ours - Date.parse(since))).toISOString();
  const seen: Seen = new Map();
  for await (const page of changedPages(deps, from, MOST_PAGES))
    for (const held of page) if (isOurs(held.externalRef)) note(seen, held.externalRef, held);
  return seen;
}

function note(seen: Seen, externalRef: string, held: Held): void {
  const known = seen.get(externalRef) ?? [];
  seen.set(externalRef, [...known.filter(({ number }) => number !== held.number), held]);
}

/** Orders are in no listing; a document that was posted and is not listed is read by its number. */
async function lookUpOthers(deps: PostingDeps, told: readonly ToldReference[], seen: Seen): Promise<void> {
  for (const { revisions } of told)
    for (const revision of revisions) {
      const { content, externalRef, number, state } = revision;
      if (content === null || seen.has(externalRef) || revision.adopted || SETTLED.has(state)) continue;
      const { document, operation, undoes } = content;
      const { kind } = document;
      if (kind === 'sales-order') {
        const found = await readCall(deps, PATIENCE_MS, () =>
          deps.erp.find({ externalRef, kind, operation, undoes, number }),
        );
        for (const held of found) note(seen, externalRef, held);
      } else if (state === 'posted' && number !== null) {
        if ((await postingByRef(deps.store.db, externalRef))?.state === 'posted') continue;
        const held = await readCall(deps, PATIENCE_MS, () => deps.erp.read(kind, number));
        if (held !== null) note(seen, externalRef, held);
      }
    }
}

/** Nothing more comes of these: what is told is enough. */
const SETTLED: ReadonlySet<ToldRevision['state']> = new Set(['rejected', 'forbidden', 'superseded', 'reversed']);

/** The state to write: what the ERP shows is settled by the ERP's own word afterwards. */
function stateOf(revision: ToldRevision, held: Held | undefined): PostingState {
  if (SETTLED.has(revision.state)) return revision.state as PostingState;
  if (held !== undefined) return 'accepted';
  if (revision.state === 'unknown') return 'intended';
  return revision.state;
}

function restoredOf(
  deps: PostingDeps,
  { reference, askedDigest, seq, links }: ToldReference,
  revision: ToldRevision,
  { no, held, moves }: { no: number; held: Held | undefined; moves: boolean },
): Restored {
  const { content, failure, bornOf } = revision;
  const state = stateOf(revision, held);
  return {
    ...{ externalRef: revision.externalRef, reference, revision: no, tenant: deps.config.tenant, askedDigest, content },
    ...{ kind: content?.document.kind ?? null, operation: content?.operation ?? 'create' },
    ...{ lanes: content === null ? [] : deps.erp.lanesOf(content), seq, links, state, adopted: revision.adopted },
    businessDate: content?.document.businessDate ?? null,
    lineCount: content === null ? 0 : lineCountOf(content.document),
    ...{ journal: state === 'accepted' ? null : revision.journal, reversedBy: revision.reversedBy, moves },
    ...(failure === null ? {} : { failure }),
    ...(bornOf === null ? {} : { bornOf }),
    ...numberOf(revision.number ?? held?.number),
  };
}

const numberOf = (number: string | undefined): { number?: string } => (number === undefined ? {} : { number });

async function writeDown(
  deps: PostingDeps,
  told: ToldReference,
  seen: Seen,
  moves: boolean,
): Promise<{ made: number; moved: number }> {
  const done = { made: 0, moved: 0 };
  for (const [index, revision] of told.revisions.entries()) {
    const [held] = seen.get(revision.externalRef) ?? [];
    const over = revision.state === 'forbidden' || revision.state === 'superseded';
    if (revision.content === null && !over) continue;
    const restored = restoredOf(deps, told, revision, { no: index + 1, held, moves });
    const how = await restoreRevision(deps.store.db, restored);
    if (how !== 'stays') done[how] += 1;
  }
  return done;
}

/** Every document seen moves its posting on, journal proved; one too many is told of. */
async function sightAll(deps: PostingDeps, seen: Seen): Promise<number> {
  let moved = 0;
  for (const [externalRef, documents] of seen)
    for (const held of [...documents].sort((a, b) => a.createdAt.localeCompare(b.createdAt))) {
      const row: PostingRow | undefined = await postingByRef(deps.store.db, externalRef);
      if (row === undefined) break;
      if (await sighted(deps, row, { number: held.number, state: held.state, held })) moved += 1;
    }
  return moved;
}

/** What writing would make and move. */
async function counted(
  deps: PostingDeps,
  told: readonly ToldReference[],
  seen: Seen,
  rows: readonly PostingRow[],
): Promise<Pick<PostingsRecovered, 'made' | 'moved' | 'doubted'>> {
  const before = new Map(rows.map((row) => [row.external_ref, row.state]));
  const all = told.flatMap(({ revisions }) => revisions);
  const now = all.map((revision) => ({ ...revision, held: seen.get(revision.externalRef)?.[0] }));
  const made = now.filter(({ externalRef }) => !before.has(externalRef));
  const moved = now.filter(({ externalRef, held, ...revision }) => {
    const was = before.get(externalRef);
    return (
      was !== undefined &&
      was !== stateOf(revision as ToldRevision, held) &&
      (held !== undefined || SETTLED.has(revision.state))
    );
  });
  const doubted = made.filter((revision) => stateOf(revision, revision.held) === 'intended').length;
  return {
    made: made.length,
    moved: moved.length,
    doubted: doubted + (await countOpen(deps.store.db, deps.config.tenant)),
  };
}
