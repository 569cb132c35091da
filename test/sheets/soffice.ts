/** LibreOffice without a screen: opens a file as a person would and says what stands in its cells. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the program made of one cell. */
export interface OpenedCell {
  /** `string`, `float`, `date`; empty for an empty cell. */
  type: string;
  /** The formula it evaluated, or null. */
  formula: string | null;
  /** The text of a string, line breaks as \n; of anything else what the program shows. */
  text: string;
  /** The exact value of a number or date. */
  value: string;
}

const PATIENCE_MS = 120_000;
/** Comma, double quote, UTF-8, from the first line on: what a person who presses Enter gets. */
export const AS_OFFERED = 'CSV:44,34,76,1';
/** The same with the box "quoted field as text" ticked. */
export const QUOTED_IS_TEXT = 'CSV:44,34,76,1,,0,true';

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const decoded = (xml: string): string =>
  xml.replace(/&(#x([0-9a-f]+)|#(\d+)|\w+);/gi, (_, name: string, hex?: string, decimal?: string) =>
    hex !== undefined || decimal !== undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : (ENTITIES[name] ?? ''),
  );

function textOf(content: string): string {
  const paragraphs = [...content.matchAll(/<text:p(?:\/>|[^>]*>(.*?)<\/text:p>)/gs)].map(([, inner = '']) =>
    decoded(
      inner
        .replace(/<text:s(?: text:c="(\d+)")?\/>/g, (_, count?: string) => ' '.repeat(Number(count ?? 1)))
        .replace(/<text:tab\/>/g, '\t')
        .replace(/<text:line-break\/>/g, '\n')
        .replace(/<[^>]+>/g, ''),
    ),
  );
  return paragraphs.join('\n');
}

const attribute = (attributes: string, name: string): string | null => {
  const found = new RegExp(`${name}="([^"]*)"`).exec(attributes);
  return found === null ? null : decoded(found[1] ?? '');
};

function cellsOf(row: string): OpenedCell[] {
  return [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].flatMap(
    ([, attributes = '', content = '']) => {
      const cell: OpenedCell = {
        type: attribute(attributes, 'office:value-type') ?? '',
        formula: attribute(attributes, 'table:formula'),
        text: textOf(content),
        value: attribute(attributes, 'office:value') ?? attribute(attributes, 'office:date-value') ?? '',
      };
      const repeated = Number(attribute(attributes, 'table:number-columns-repeated') ?? 1);
      return Array.from({ length: Math.min(repeated, 20) }, () => cell);
    },
  );
}

/** Rows of the first sheet of a file with this name and content. `filter`: how a CSV is read. */
export function openIn(name: string, content: string | Buffer, filter?: string): OpenedCell[][] {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-sheets-'));
  try {
    const file = join(dir, name);
    writeFileSync(file, content);
    const run = spawnSync(
      process.env['SOFFICE_PATH'] ?? 'soffice',
      [
        ...[`-env:UserInstallation=file://${join(dir, 'profile')}`, '--headless'],
        ...(filter === undefined ? [] : [`--infilter=${filter}`]),
        ...['--convert-to', 'fods', '--outdir', join(dir, 'out'), file],
      ],
      { encoding: 'utf8', timeout: PATIENCE_MS },
    );
    if (run.status !== 0) throw new Error(`LibreOffice ended with ${run.status ?? run.signal}: ${run.stderr}`);
    const opened = readFileSync(join(dir, 'out', name.replace(/\.\w+$/, '.fods')), 'utf8');
    const [sheet = ''] = /<table:table .*?<\/table:table>/s.exec(opened) ?? [];
    return [...sheet.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)].map(([, row = '']) => cellsOf(row));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
