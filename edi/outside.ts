import { fault, type Fault } from './faults.js';
import type { Item } from './items.js';
import { judged, type Profile } from './profile.js';
import type { Spelling } from './syntax/spelling.js';

type OutsideItem = Extract<Item, { kind: 'outside' }>;

/** Characters of a text that a fault quotes. */
const QUOTED = 40;
/** A byte-order mark of UTF-8. */
const MARK = '\u00ef\u00bb\u00bf';
/** Segments of an envelope, or of a transaction's: the same sign stands behind the tag and once more; ISB and ISE are short. */
const REMAINS =
  /(?:ISA|IEA|TA[13]|GS|GE|ST|SE)([^A-Za-z0-9\s.,'-])[^\r\n]*\1|(?:^|[^A-Za-z0-9])IS[BE][^A-Za-z0-9\s.,'()-]/;
/** A file that ends as an interchange begins. */
const BEGINNING = /^(?:I|IS|ISA)$/;
/** How text begins that has two bytes a character. */
const WIDE = /^(?:\u00ff\u00fe|\u00fe\u00ff|.\0.\0|\0.\0.)/s;

/**
 * What stands outside interchanges. It is handed out in pieces as it comes; what it is, is told once, with the piece in
 * front of the next ISA or with the last one: before that nobody knows whether an interchange follows at all.
 */
export class Outside {
  /** first words that were not told yet */
  private words: { readonly text: string; readonly offset: number } | null = null;
  /** there was an ISA, or what should be one */
  private seen = false;
  /** what follows is what is left of an interchange that was refused, and was told */
  private refused = false;
  private wide = false;
  /** it holds segments of an interchange, which is worse than what somebody wrote beside one */
  private remains = false;
  private readonly profile: Profile;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** A piece of text that goes on. */
  piece({ text, offset }: Spelling): OutsideItem {
    const marked = offset === 0 && text.startsWith(MARK);
    if (offset === 0) this.wide = WIDE.test(text);
    this.note(text, offset, marked ? MARK.length : 0);
    return this.item(
      text,
      offset,
      marked ? [fault('byte-order-mark', 0, 'the file begins with a byte-order mark')] : [],
    );
  }

  /** The text in front of an ISA. */
  before(left: Spelling): OutsideItem[] {
    this.seen = true;
    return this.end(left, () => this.untold());
  }

  /** An ISA that is none, with what is wrong with it. */
  header({ text, offset }: Spelling, faults: readonly Fault[]): OutsideItem {
    this.refused = true;
    return this.item(text, offset, faults);
  }

  /** An interchange begins. */
  begin(): void {
    this.refused = false;
  }

  /** The text at the end of the file. */
  last(left: Spelling): OutsideItem[] {
    this.remains ||= BEGINNING.test(left.text.trim());
    return this.end(left, () => (this.seen ? this.untold() : [this.noFile()]));
  }

  /** The last piece of a text, with what is told of the whole of it. */
  private end(left: Spelling, told: () => Fault[]): OutsideItem[] {
    const { text, offset, faults } = this.piece(left);
    const all = [...faults, ...told()];
    return text === '' && all.length === 0 ? [] : [this.item(text, offset, all)];
  }

  private item(text: string, offset: number, faults: readonly Fault[]): OutsideItem {
    return { kind: 'outside', text, offset, faults: judged(faults, this.profile) };
  }

  private note(text: string, offset: number, from: number): void {
    if (this.refused) return;
    this.remains ||= REMAINS.test(text);
    if (this.words !== null) return;
    const at = text.slice(from).search(/\S/);
    if (at >= 0) this.words = { text: text.slice(from + at, from + at + QUOTED), offset: offset + from + at };
  }

  private untold(): Fault[] {
    const { words, remains } = this;
    this.words = null;
    this.remains = false;
    if (words === null) return [];
    const what = remains ? 'remains of an interchange outside any' : 'text outside any interchange';
    const message = `${what}: ${JSON.stringify(words.text)}`;
    return [fault('text-outside', words.offset, message, {}, remains ? 'error' : undefined)];
  }

  /** Why a file holds no interchange. */
  private noFile(): Fault {
    if (this.words === null) return fault('empty-file', 0, 'the file is empty');
    if (this.wide)
      return fault('not-x12', 0, 'every character has two bytes (UTF-16): in X12 each has one, so save it as UTF-8');
    const begins = JSON.stringify(this.words.text.slice(0, 20));
    return fault('not-x12', 0, `no ISA in it: this is no X12 file (it begins with ${begins})`);
  }
}
