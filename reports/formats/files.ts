/** Writing a report to files: whole or not at all. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { parse, join } from 'node:path';
import type { Report } from '../report.js';
import { csvOf } from './csv.js';
import { xlsxOf } from './xlsx.js';

/** Written beside its place and renamed into it, so that nobody opens half a file. */
function writeWhole(path: string, content: string | Buffer): void {
  const { dir, base } = parse(path);
  const beside = join(dir, `.${base}.${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** `grni.csv` of a part after the first: `grni.by-supplier.csv`. */
function pathOf(path: string, name: string, index: number): string {
  if (index === 0) return path;
  const { dir, name: stem, ext } = parse(path);
  return join(dir, `${stem}.${name}${ext}`);
}

/** One file for each part; answers their paths. Throws what the file system says. */
export function writeCsv(report: Report, path: string): string[] {
  return report.parts.map((part, index) => {
    const file = pathOf(path, part.name, index);
    writeWhole(file, csvOf(part, report.zone));
    return file;
  });
}

/** One workbook; answers its path. Throws what the file system says. */
export async function writeXlsx(report: Report, path: string): Promise<string[]> {
  writeWhole(path, await xlsxOf(report));
  return [path];
}
