import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { EXCEPTIONS } from '../../domain/failures.js';
import { sentenceFor } from '../../store/desk-read.js';
import { Attention, SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

const root = process.cwd();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();
const documents = ['README.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];

/** Rows of the first table of a page whose first heading cell is `first`, cells trimmed. */
function tableOf(page: string, first: string): string[][] {
  const lines = read(page).split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\|\\s*${first}\\s*\\|`).test(line));
  if (start < 0) throw new Error(`${page} has no table that begins with "${first}"`);
  const end = lines.findIndex((line, n) => n > start && !line.startsWith('|'));
  const rows = lines.slice(start + 2, end < 0 ? undefined : end);
  return rows.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** `[X-01](…)` and `` `x` `` as what they show. */
const shown = (cell = ''): string => cell.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/`/g, '');

const codes = Object.entries(EXCEPTIONS).map(([code, exception]) => ({ code, ...exception }));
const approval = {
  code: 'approval',
  sentence: sentenceFor('approval'),
  severity: 'medium',
  owner: 'finance',
  deputy: 'operations',
};

test.each(documents)('%s holds nothing that a merge left behind', (page) => {
  expect(read(page).match(/^\s*\\?(<{7}|={7}$|>{7}|(> ){6}>).*/gm)).toBeNull();
});

describe('the playbook', () => {
  test.each([...codes, approval])('has a page for $code with its sentence, severity, owner and deputy', (each) => {
    const page = read(`docs/playbook/${each.code}.md`);
    expect(page.split('\n')[0]).toBe(`# ${each.sentence}`);
    expect(page).toContain(
      `**Code** ${each.code} · **Severity** ${each.severity} · **Owner** ${each.owner} · **Deputy** ${each.deputy}`,
    );
  });

  test.each([...codes, approval])('says on the page of $code what to see, mean, do and expect', ({ code }) => {
    const headings = read(`docs/playbook/${code}.md`).match(/^## .+$/gm);
    expect(headings).toEqual([
      '## What you see',
      '## What it means',
      '## Who decides',
      '## What to do',
      '## What happens then',
      '## If you wait',
      '## Escalation',
    ]);
  });

  test.each(codes)('says of $code until when it is taken up and resolved, and who is told otherwise', (each) => {
    const page = read(`docs/playbook/${each.code}.md`);
    const section = page.slice(page.indexOf('## Escalation'));
    for (const words of each.code === 'X-60' ? ['finance lead'] : ['T-35', 'T-36', each.escalation.replace('-', ' ')])
      expect(section.toLowerCase()).toContain(words === 'cx' ? 'cx' : words.toLowerCase());
  });

  test('has no page without a code', () => {
    const pages = filesIn('docs/playbook', '.md').map((path) => path.slice('docs/playbook/'.length, -'.md'.length));
    expect(pages).toEqual([...codes.map(({ code }) => code), 'approval'].sort());
  });
});

describe('the reference', () => {
  test('lists exactly the exceptions of the code, in its order', () => {
    const rows = tableOf('docs/reference/exceptions.md', 'code').map((row) => row.map(shown));
    expect(rows).toEqual(
      codes.map(({ code, sentence, severity, owner, deputy, escalation }) => [
        ...[code, sentence, severity, owner, deputy, escalation],
      ]),
    );
  });

  test('lists exactly the search attributes of the code, with their types', () => {
    const rows = tableOf('docs/reference/search-attributes.md', 'name').map(([name, type]) => [name, type]);
    expect(rows).toEqual(Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [name, type]));
  });

  test('lists every value of Attention, from least to most urgent', () => {
    const rows = tableOf('docs/reference/search-attributes.md', 'value').map(([value]) => value ?? '');
    expect([...rows].sort()).toEqual([...Attention.options].sort());
    const urgency = /const URGENCY[^=]*= \[([^\]]+)\]/.exec(read('workflows/board.ts'))?.[1] ?? '';
    expect(rows).toEqual([...urgency.matchAll(/'([^']+)'/g)].map(([, value]) => value));
  });

  test('links each saved view to the query beside it', () => {
    const rows = tableOf('docs/reference/search-attributes.md', 'view');
    expect(rows.length).toBeGreaterThan(5);
    for (const [view, query, link = ''] of rows) {
      const url = new URL(/\((http[^)]+)\)/.exec(link)?.[1] ?? '');
      expect(url.searchParams.get('query')).toBe(shown(query));
      expect(url.searchParams.get('savedQuery')).toBe(view);
    }
  });

  test('lists exactly the clocks of the policy, with its durations', () => {
    interface Clock {
      warn: string[];
      due: string;
      calendar: string;
    }
    const policy = parse(read('config/policy.yaml')) as { shared: { timers: Record<string, Clock> } };
    const rows = tableOf('docs/reference/timers.md', 'code').map(([code, , ...rest]) => [code, ...rest.slice(0, 3)]);
    expect(rows).toEqual(
      Object.entries(policy.shared.timers).map(([code, { warn, due, calendar }]) => [
        code,
        warn.join(', ') || '–',
        due,
        calendar,
      ]),
    );
  });

  test('names every table of the store, and none that is not there', () => {
    const page = read('docs/reference/where-data-lives.md');
    const created = filesIn('store/migrations', '.ts').flatMap((file) =>
      [...read(file).matchAll(/create table (?:if not exists )?"?([a-z_]+)"?/g)].map(([, table]) => table ?? ''),
    );
    // The charge and deduction maps are made in one loop over their names.
    const tables = new Set([...created, 'charge_mapping', 'deduction_mapping'].filter((name) => name !== ''));
    const named = tableOf('docs/reference/where-data-lives.md', 'what').flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z_]+)`/g)].map(([, table]) => table ?? ''),
    );
    expect(page).not.toBe('');
    expect([...named].sort()).toEqual([...tables].sort());
  });
});

/** Where the questions of each process are spelt. */
const QUESTIONS: Record<string, string[]> = {
  'return-to-stock': [
    'workflows/return-to-stock/questions.ts',
    'workflows/return-to-stock/documents.ts',
    ...filesIn('domain/return', '.ts'),
  ],
  'po-receipt': ['workflows/po-receipt/questions.ts', ...filesIn('domain/receipt', '.ts')],
  'expected-receipt': ['workflows/expected-receipt/questions.ts'],
};
/** These post nothing: none of their documents is refused by the ERP, and they ask little. */
const POST_NOTHING = new Set(['expected-receipt']);
/** Refused documents and cases that only tell are answered alike in all of them. */
const OF_ALL = ['workflows/refusals.ts', 'workflows/postings.ts', 'domain/closing.ts'];

/** Every choice that these files offer, as the code spells it. */
function choicesIn(files: readonly string[]): Set<string> {
  const spelt = [
    /choice: '([a-z-]+)'/g,
    /(?:moves|looks)\(\s*'([a-z-]+)'/g,
    /labelled\(\s*context,\s*cancelled,\s*'[a-z-]+',\s*'([a-z-]+)'/g,
  ];
  const found = files.flatMap((file) => spelt.flatMap((each) => [...read(file).matchAll(each)].map((m) => m[1] ?? '')));
  return new Set(found);
}

describe('the runbooks', () => {
  const processes = readdirSync(join(root, 'workflows')).filter((name) =>
    ['workflow.ts', 'questions.ts'].every((file) => existsSync(join(root, 'workflows', name, file))),
  );

  test('cover every process that asks people something', () => {
    expect([...processes].sort()).toEqual(Object.keys(QUESTIONS).sort());
    const runbooks = filesIn('docs/runbooks', '.md').map((path) => path.slice('docs/runbooks/'.length, -'.md'.length));
    expect(runbooks).toEqual([...processes].sort());
  });

  test.each(Object.entries(QUESTIONS))('name every choice that %s can offer, as it is spelt', (process, files) => {
    const posts = !POST_NOTHING.has(process);
    const choices = choicesIn([...(posts ? OF_ALL : []), ...files]);
    expect(choices.size).toBeGreaterThan(posts ? 15 : 1);
    const runbook = read(`docs/runbooks/${process}.md`);
    expect([...choices].filter((choice) => !runbook.includes(`\`${choice}\``))).toEqual([]);
  });

  test.each(Object.entries(QUESTIONS))('name every question that %s can ask', (process, files) => {
    const questions = files.flatMap((file) =>
      [...read(file).matchAll(/question: '([a-z-]+)',\n\s+code\b/g)].map(([, question]) => question ?? ''),
    );
    expect(questions.length).toBeGreaterThanOrEqual(POST_NOTHING.has(process) ? 1 : 10);
    const runbook = read(`docs/runbooks/${process}.md`);
    expect(questions.filter((question) => !runbook.includes(`\`${question}\``))).toEqual([]);
  });
});

describe('every document', () => {
  test('offers only choices that the code knows', () => {
    const choices = choicesIn([...OF_ALL, ...Object.values(QUESTIONS).flat()]);
    const unknown = documents.flatMap((page) =>
      [...read(page).matchAll(/--choice ([a-z-]+)/g)]
        .map(([, choice]) => choice ?? '')
        .filter((choice) => !choices.has(choice))
        .map((choice) => `${page}: ${choice}`),
    );
    expect(unknown).toEqual([]);
  });

  test('speaks only of exceptions that there are', () => {
    const known = new Set(codes.map(({ code }) => code));
    const unknown = documents.flatMap((page) =>
      (read(page).match(/\bX-\d\d\b/g) ?? []).filter((code) => !known.has(code)).map((code) => `${page}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  test.each(documents)('%s links only to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const headingsOf = (path: string): string[] =>
      (readFileSync(path, 'utf8').match(/^#+ .+$/gm) ?? []).map((heading) =>
        heading
          .replace(/^#+ /, '')
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replace(/ /g, '-'),
      );
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = resolve(root, dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !headingsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
