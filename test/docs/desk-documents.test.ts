/** What the documents for the desk's users say is there: roles, commands, reports, codes, and steps made of known words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { EXCEPTIONS } from '../../domain/failures.js';
import { REPORT_CODES } from '../../reports/registry.js';
import { readGuide, stepOf } from '../ui/desk-steps.js';

const read = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8');
const ROLES = ['buying', 'finance', 'integration-support', 'operations', 'payables', 'warehouse'];
const page = (role: string): string => read(`docs/checklists/${role}.md`);
const FOR_USERS = [
  ...ROLES.map((role) => `docs/checklists/${role}.md`),
  'docs/how-to/desk.md',
  'docs/how-to/first-cases.md',
  'docs/runbooks/po-receipt.md',
  'docs/runbooks/return-to-stock.md',
];

/** Rows of the tables of a section, cells trimmed, headings left out. */
const rowsOf = (section: string): string[][] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('the checklists', () => {
  test('are there for every role that works at the desk, and for no other', () => {
    expect(readdirSync('docs/checklists').sort()).toEqual(ROLES.map((role) => `${role}.md`));
  });

  test.each(ROLES)('of %s say what to look at daily, weekly and at month end, where, and what is good', (role) => {
    const sections = page(role).split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(['Daily', 'Weekly', 'Month end']);
    for (const section of sections) {
      const rows = rowsOf(section);
      expect(rows.length).toBeGreaterThanOrEqual(2);
      expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell === ''))).toEqual([]);
    }
  });

  test.each(ROLES)('of %s name only cases that it decides, as owner or deputy, unless it only reads them', (role) => {
    const foreign = rowsOf(page(role).replaceAll(/^## .*|^\| (look|-).*/gm, ''))
      .filter(([, where = '']) => !where.includes('read them'))
      .flatMap(([, where = '']) => where.match(/\bX-\d\d\b/g) ?? [])
      .filter((code) => {
        const { owner, deputy } = EXCEPTIONS[code as keyof typeof EXCEPTIONS];
        return owner !== role && deputy !== role;
      });
    expect(foreign).toEqual([]);
  });
});

describe('documents for users', () => {
  const verbs = new Set(
    readdirSync('bin/commands').flatMap((file) =>
      [...read(`bin/commands/${file}`).matchAll(/(?:\.command\(|register\(program, )'([a-z-]+)/g)].map(
        ([, verb]) => verb,
      ),
    ),
  );

  test.each(FOR_USERS)('%s names only commands and reports that there are', (path) => {
    const text = read(path);
    const used = [...text.matchAll(/`(?:npx )?selvedge ([a-z]+)/g)].map(([, verb]) => verb);
    expect(used.filter((verb) => !verbs.has(verb))).toEqual([]);
    const reports = (text.match(/\bRP-\d\d\b/g) ?? []).filter((code) => !REPORT_CODES.some((known) => known === code));
    expect(reports).toEqual([]);
  });
});

describe('the first three cases', () => {
  test('are written in the words the document explains, and numbered in order', () => {
    const { sections, planted } = readGuide();
    expect([...sections.values()].map((steps) => steps.length).every((count) => count >= 3)).toBe(true);
    expect(sections.size).toBe(4);
    expect(planted.length).toBeGreaterThan(8);
  });

  test('a step of other words is refused, and so are numbers out of order', () => {
    expect(() => stepOf('Click **Sign in**.')).toThrow(/made of none of the words/);
    expect(() => stepOf('Press Sign in.')).toThrow(/made of none of the words/);
    expect(() => readGuide('## A\n\n1. Press **One**.\n3. Press **Two**.\n')).toThrow(/step 3 stands where 2 should/);
  });
});
