/** Rows of a history's CSV files: read one by one, a bad one named by file and line (data/online-retail/README.md). */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

/** A row that could not be used. */
export interface LoadFault {
  file: string;
  /** Line in the file, from 1. */
  line: number;
  why: string;
}

export type HistoryKind = 'orders' | 'returns' | 'movements';

/** Files of one kind in order of their months. */
export async function filesOf(dir: string, kind: HistoryKind): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    throw new RangeError(
      `history folder ${dir} cannot be read (${error.code ?? error.message}); give a folder of orders-, returns- and movements-yyyy-mm.csv or .csv.gz`,
    );
  });
  return names.filter((name) => new RegExp(`^${kind}-\\d{4}-\\d{2}\\.csv(\\.gz)?$`).test(name)).sort();
}

/** One row with its fields by column name. The readers throw RangeError with what was found and what is allowed. */
export class Row {
  readonly #fields: Readonly<Record<string, string>>;
  constructor(fields: Readonly<Record<string, string>>) {
    this.#fields = fields;
  }

  /** Text of at most 60 characters; empty only where `empty` says so. */
  text(name: string, { empty = false } = {}): string {
    const value = this.#fields[name];
    if (value === undefined) throw new RangeError(`column "${name}" is missing`);
    if (value === '' && !empty) throw new RangeError(`${name} is empty`);
    if (value.length > 60) throw new RangeError(`${name} has ${value.length} characters; at most 60 are allowed`);
    return value;
  }

  /** A whole number, not zero; positive unless `signed`. */
  whole(name: string, { signed = false } = {}): number {
    const text = this.text(name);
    if (!/^-?\d{1,7}$/.test(text) || Number(text) === 0 || (!signed && Number(text) < 0))
      throw new RangeError(`${name} must be a ${signed ? '' : 'positive '}whole number other than 0; found "${text}"`);
    return Number(text);
  }

  /** A decimal of at most six places, not negative. */
  decimal(name: string): string {
    const text = this.text(name);
    if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) throw new RangeError(`${name} must be a decimal number; found "${text}"`);
    return text;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const text = this.text(name);
    const found = allowed.find((one) => one === text);
    if (found === undefined) throw new RangeError(`${name} must be ${allowed.join(' or ')}; found "${text}"`);
    return found;
  }

  currency(name: string): string {
    const text = this.text(name);
    if (!/^[A-Z]{3}$/.test(text)) throw new RangeError(`${name} must be three capitals; found "${text}"`);
    return text;
  }
}

interface Parsed {
  record: Record<string, string>;
  info: { lines: number };
}

/** Feeds one file's records to `each` in batches as they are parsed; ends when the file does, or cannot be read on. */
function readFile(dir: string, file: string, faults: LoadFault[], each: (record: Parsed) => void): Promise<void> {
  const parser = parse({
    columns: true,
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error) =>
      void faults.push({ file, line: Number(error?.['lines'] ?? 0), why: error?.message ?? 'not CSV' }),
  });
  const raw = createReadStream(join(dir, file));
  const text: Readable = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  return new Promise((resolve, reject) => {
    for (const stream of [raw, text, parser] as Readable[]) stream.on('error', reject);
    parser.on('end', resolve);
    parser.on('readable', () => {
      try {
        for (;;) {
          const next = parser.read() as Parsed | null;
          if (next === null) return;
          each(next);
        }
      } catch (error) {
        parser.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    text.pipe(parser);
  });
}

/** Calls `take` for every row of a kind; rows it throws a RangeError for become faults, and the rest goes on. */
export async function readRows(
  dir: string,
  kind: HistoryKind,
  take: (row: Row) => void,
  faults: LoadFault[],
): Promise<number> {
  let rows = 0;
  for (const file of await filesOf(dir, kind)) {
    let line = 1;
    const each = ({ record, info }: Parsed): void => {
      rows += 1;
      line = info.lines;
      try {
        take(new Row(record));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        faults.push({ file, line, why: error.message });
      }
    };
    await readFile(dir, file, faults, each).catch((error: unknown) => {
      // A broken archive ends this file only; what came before it counts. Anything else is ours and must be seen.
      if (!isReadError(error)) throw error;
      faults.push({ file, line, why: `cannot be read further: ${error.message}` });
    });
  }
  return rows;
}

/** Errors of files, archives and CSV carry a code; mistakes of this program do not. */
const isReadError = (error: unknown): error is { code: string; message: string } =>
  typeof error === 'object' && error !== null && typeof (error as { code?: unknown }).code === 'string';
