/** The words every screen has for cases: their states, what a choice needs, what became of a decision. */

export const CASE_STATES: Record<string, string> = {
  open: 'open',
  acknowledged: 'seen by somebody, still open',
  investigating: 'being looked into',
  waiting: 'waiting for somebody outside',
  resolved: 'decided',
  closed: 'closed',
  'auto-resolved': 'closed by itself',
  withdrawn: 'withdrawn: it was asked again',
};
/** States in which a case still waits for somebody. */
const WAITS = ['open', 'acknowledged', 'investigating', 'waiting'];

export const waits = (state: string): boolean => WAITS.includes(state);

/** A fact that a choice needs beside the reason, and what it is. */
export const FACT_OF_CHOICE: Readonly<Record<string, { name: string; is: string }>> = {
  correct: { name: 'orderNo', is: 'number of the original order' },
  'other-order': { name: 'poNo', is: 'number of the purchase order it belongs to' },
  'already-entered': { name: 'number', is: "the ERP's number of what was entered" },
  'reversed-by-hand': { name: 'number', is: 'number of the reversing document in the ERP' },
};

/** What became of a decision. */
export const SAID: Record<string, string> = {
  stored: 'was stored and is not taken yet',
  kept: 'is kept until the question opens',
  first: 'agreed first; a second person must agree too',
  accepted: 'decided',
  refused: 'was refused',
};
