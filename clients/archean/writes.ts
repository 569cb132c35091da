/** Writes to Archean and what their answers mean (facts/archean-r247.md 3.8). One that may have been stored is thrown as no-reply. */
import type { HttpResponse } from '../http/index.js';
import { ArcheanFailure, retryAfterOf } from './failure.js';
import { ArcheanError, ArcheanGoodsIn } from './schema.js';

/** One line of goods to come: its own number at us, the article as this system spells it. */
export interface ExpectedLineWrite {
  lineNo: number;
  sku: string;
  expected: number;
  uom: 'EA';
}
/** POST /goods-in. The same reference and content again answers the first record. */
export interface GoodsInWrite {
  externalRef: string;
  poNo: string;
  location: string;
  lines: ExpectedLineWrite[];
}
/** POST /goods-in/{id}/amend: the lines as they are expected from now on. */
export type GoodsInAmendment = Pick<GoodsInWrite, 'externalRef' | 'lines'>;

export type GoodsInReply =
  | { outcome: 'stored'; record: ArcheanGoodsIn }
  /** Its own final no: `REFERENCE_CONFLICT`, `SKU_UNKNOWN`, `TOO_LATE`, … */
  | { outcome: 'refused'; code: string; message: string };

/** Sorts the answer to a write. @throws ArcheanFailure for everything that is neither stored nor a final no. */
export function sortGoodsInReply(answer: HttpResponse, path: string): GoodsInReply {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const record = ArcheanGoodsIn.safeParse(jsonOf(answer.body));
    if (record.success) return { outcome: 'stored', record: record.data };
    throw new ArcheanFailure('no-reply', `POST ${path} of Archean was answered with what cannot be read`);
  }
  if (status === 401 || status === 403)
    throw new ArcheanFailure('unauthorised', `Archean refuses our token for POST ${path} (status ${status})`);
  if (status === 429 || status === 503)
    throw new ArcheanFailure('busy', `Archean is busy (status ${status})`, retryAfterOf(answer));
  const error = ArcheanError.safeParse(jsonOf(answer.body));
  if (status >= 400 && status < 500 && status !== 408 && error.success)
    return { outcome: 'refused', code: error.data.code, message: error.data.message };
  throw new ArcheanFailure('no-reply', `Archean failed at POST ${path} (status ${status})`);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
