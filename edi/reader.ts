import { betweenItem, strayItem } from './between.js';
import {
  groupTrailerFaults,
  interchangeKey,
  interchangeTrailerFaults,
  passedLimit,
  plainNumber,
  refusedUsage,
  repeatedGroup,
  repeatedInterchange,
  repeatedTransaction,
  tooLargeFault,
  tooLongFault,
  ungroupedFault,
  unterminatedFault,
  type Open,
} from './envelope-faults.js';
import type { Fault } from './faults.js';
import type { GroupHeader, InterchangeHeader, Item } from './items.js';
import type { Limits } from './limits.js';
import { Numbers } from './numbers.js';
import { Outside } from './outside.js';
import { judged, type Profile } from './profile.js';
import { transactionOf } from './schema/transaction.js';
import { groupOf, interchangeOf } from './syntax/envelope.js';
import { HEADER_BEGINNING, HEADER_LETTER, headerAt, isHeader, LONGEST_HEADER } from './syntax/header.js';
import { Scanner } from './syntax/scanner.js';
import { USUAL } from './syntax/separators.js';
import { elementOf, tagKey, type Spelling } from './syntax/spelling.js';

const [GS, ST, SE, GE, IEA, HL] = ['GS', 'ST', 'SE', 'GE', 'IEA', 'HL'].map(tagKey);

/** Outside text that is handed out in one piece at most. */
const PIECE = 64 * 1024;

/**
 * Reads X12 as its bytes come: `add` each chunk and take the items that are complete by `next`, then say that it was the
 * last by `end`. It holds one transaction at a time and throws nothing on content.
 */
export class Reader {
  private readonly scanner: Scanner;
  private readonly limits: Limits;
  private readonly profile: Profile;
  private interchange: Open<InterchangeHeader> | null = null;
  private group: Open<GroupHeader> | null = null;
  private transaction = false;
  /** HL levels of the open transaction */
  private levels = 0;
  /** a transaction passed its limits: nothing is kept until it is over */
  private skipping = false;
  /** index in the file that the header which was refused last is looked for up to */
  private refusedTo = 0;
  private readonly text: Outside;
  private readonly out: Item[] = [];
  /** no more bytes come */
  private last = false;
  private closed = false;
  private readonly numbers: Numbers;

  constructor(profile: Profile, limits: Limits) {
    this.profile = profile;
    this.text = new Outside(profile);
    this.limits = limits;
    this.numbers = new Numbers(limits.numbersKept);
    this.scanner = new Scanner(USUAL, limits.segmentBytes);
  }

  /** Takes bytes; `next` hands out what is complete. */
  add(chunk: Uint8Array): void {
    this.scanner.add(chunk);
  }

  /** Says that no more bytes come; `next` hands out what is left. */
  end(): void {
    this.last = true;
  }

  /** The next item; undefined when there is none without more bytes. The memory of those it had is then no longer used. */
  next(): Item | undefined {
    let more = true;
    while (more && this.out.length === 0) more = this.interchange === null ? this.seek() : this.step();
    if (!more && this.out.length === 0) {
      if (this.last) this.close();
      else this.scanner.settle();
    }
    return this.out.shift();
  }

  /** Ends what runs, once. */
  private close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.scanner.close()) this.segment(true);
    this.endInterchange(null);
    this.out.push(...this.text.last(this.scanner.take()));
  }

  /** Goes on towards the next ISA; false when more bytes are needed. */
  private seek(): boolean {
    for (;;) {
      const { bytes, at, end } = this.scanner.look();
      if (at >= end || (!this.last && at + HEADER_BEGINNING > end)) return false;
      if (isHeader(bytes, at, end)) {
        const begun = this.begin();
        if (begun !== 'text') return begun;
      }
      this.scanner.skipBytes(1);
      if (this.scanner.held < PIECE) continue;
      this.out.push(this.text.piece(this.scanner.take()));
      return true;
    }
  }

  /** Begins an interchange, or hands out what cannot be one; false when more bytes are needed. */
  private begin(): boolean | 'text' {
    const { bytes, at, end, offset } = this.scanner.look();
    const header = headerAt(bytes, at, end, offset, this.last);
    if (header.kind === 'more') return false;
    // Within what was refused as an ISA just now, another attempt is no news.
    if (header.kind === 'text' || (header.kind === 'broken' && offset < this.refusedTo)) return 'text';
    this.out.push(...this.text.before(this.scanner.take()));
    if (header.kind === 'broken') {
      this.scanner.skipBytes(3);
      this.refusedTo = offset + LONGEST_HEADER;
      this.out.push(this.text.header(this.scanner.take(), header.faults));
      return true;
    }
    this.scanner.header(header.separators, header.end);
    this.text.begin();
    this.out.push(this.opened(this.scanner.take(), header.faults));
    return true;
  }

  private opened(spelling: Spelling, of: readonly Fault[]): Item {
    const faults = [...of];
    const header = interchangeOf(spelling, faults);
    if (!this.numbers.add(interchangeKey(header))) faults.push(repeatedInterchange(header, spelling));
    if (header.usage === this.profile.refuseUsage) faults.push(refusedUsage(header, spelling));
    this.interchange = { header, count: 0, numbers: new Numbers(this.limits.numbersKept) };
    return { kind: 'interchange', interchange: header, faults: judged(faults, this.profile), spelling };
  }

  private get open(): Open<InterchangeHeader> {
    if (this.interchange === null) throw new Error('there is no interchange without an ISA');
    return this.interchange;
  }

  /** Goes on by one segment; false when more bytes are needed. */
  private step(): boolean {
    if (!this.scanner.running) {
      if (!this.scanner.skipGap()) return false;
      if (this.scanner.byte === HEADER_LETTER) {
        const { bytes, at, end } = this.scanner.look();
        if (!this.last && at + HEADER_BEGINNING > end) return false;
        if (isHeader(bytes, at, end)) {
          this.endInterchange(null);
          return true;
        }
      }
    }
    const found = this.scanner.next();
    if (found === 'segment') this.segment(false);
    else if (found === 'too-long') this.tooLong();
    return found !== 'more';
  }

  /** A segment passed its limit: the transaction it stands in is over, and the rest of it is not looked at. */
  private tooLong(): void {
    this.scanner.close();
    this.scanner.dropRest();
    if (this.skipping) return this.scanner.forget();
    const told = tooLongFault(this.scanner.spelling(), this.limits.segmentBytes);
    this.out.push(
      this.transaction ? this.giveUp(told) : betweenItem(this.scanner.take(), this.open, [told], this.profile),
    );
  }

  /** The open transaction passed a limit: what comes of it until it is over is not looked at. */
  private giveUp(told: Fault): Item {
    this.skipping = true;
    return this.closeTransaction(false, [told]);
  }

  private segment(unterminated: boolean): void {
    const { tag } = this.scanner;
    if (tag === GS || tag === ST || tag === GE || tag === IEA) {
      if (this.transaction) this.cutOff();
      this.skipping = false;
      if (tag === ST) this.openTransaction();
      else this.envelope(tag, this.scanner.take(), unterminated);
    } else if (this.skipping) {
      this.skipping = tag !== SE;
      this.scanner.forget();
    } else if (!this.transaction) this.out.push(this.stray(this.scanner.take()));
    else if (tag === SE) this.out.push(this.closeTransaction(true, []));
    else {
      if (tag === HL) this.levels += 1;
      const passed = passedLimit(this.scanner, this.levels, this.limits);
      if (passed !== null) this.out.push(this.giveUp(tooLargeFault(this.scanner.spelling(), passed)));
    }
  }

  private openTransaction(): void {
    this.transaction = true;
    this.levels = 0;
    if (this.group !== null) this.group.count += 1;
    else this.open.holds = true;
  }

  /** The segment just read cannot belong to the open transaction, which ends before it. */
  private cutOff(): void {
    const aside = this.scanner.setLastAside();
    this.out.push(this.closeTransaction(false, []));
    this.scanner.takeUp(aside);
  }

  private closeTransaction(closed: boolean, more: readonly Fault[]): Item {
    const { open: interchange, group, scanner } = this;
    this.transaction = false;
    const [spelling, cuts] = [scanner.spelling(), scanner.cuts()];
    const number = elementOf(spelling.text, cuts, 0, 2).trim();
    const faults = [...more];
    if (group === null) faults.push(ungroupedFault(spelling, number));
    else if (!group.numbers.add(number)) faults.push(repeatedTransaction(spelling, number));
    const header = group?.header ?? null;
    // No spread: each would leave V8 a hidden class that stays until the whole heap is swept.
    const standing = { interchange: interchange.header, group: header, closed, unread: this.skipping, faults };
    const transaction = transactionOf(spelling, cuts, standing, this.profile);
    scanner.forget();
    return transaction;
  }

  private envelope(tag: number | undefined, spelling: Spelling, unterminated: boolean): void {
    const faults = unterminated ? [unterminatedFault(spelling)] : [];
    if (tag === IEA) this.endInterchange(spelling, faults);
    else {
      this.endGroup(tag === GE ? spelling : null, faults);
      if (tag === GS) this.out.push(this.openGroup(spelling));
    }
  }

  private openGroup(spelling: Spelling): Item {
    const interchange = this.open;
    const faults: Fault[] = [];
    const group = groupOf(spelling, faults);
    if (!interchange.numbers.add(plainNumber(group.controlNumber), group.functionalId))
      faults.push(repeatedGroup(spelling, group));
    interchange.count += 1;
    this.group = { header: group, count: 0, numbers: new Numbers(this.limits.numbersKept) };
    return { kind: 'group', interchange: interchange.header, group, faults: judged(faults, this.profile), spelling };
  }

  /** Ends the running group, by its GE or for want of one. */
  private endGroup(spelling: Spelling | null, faults: Fault[] = []): void {
    const { group, interchange } = this;
    if (interchange === null) return;
    if (group === null) {
      if (spelling !== null) this.out.push(this.stray(spelling));
      return;
    }
    const { header, count: transactions } = group;
    faults.push(...groupTrailerFaults(spelling, this.scanner.offset, header, transactions));
    this.group = null;
    this.out.push({
      kind: 'group-end',
      interchange: interchange.header,
      group: header,
      transactions,
      faults: judged(faults, this.profile),
      spelling,
    });
  }

  /** Ends the running interchange, by its IEA or for want of one. */
  private endInterchange(spelling: Spelling | null, faults: Fault[] = []): void {
    const { interchange } = this;
    if (interchange === null) return;
    if (this.transaction) this.out.push(this.closeTransaction(false, []));
    this.endGroup(null);
    this.skipping = false;
    const { header, count: groups } = interchange;
    faults.push(...interchangeTrailerFaults(spelling, this.scanner.offset, interchange));
    this.interchange = null;
    this.out.push({
      kind: 'interchange-end',
      interchange: header,
      groups,
      faults: judged(faults, this.profile),
      spelling,
    });
  }

  /** A segment where none may stand; a TA1 may, before the first group. */
  private stray(spelling: Spelling): Item {
    this.open.holds = true;
    return strayItem(spelling, this.open, this.group !== null, this.profile);
  }
}
