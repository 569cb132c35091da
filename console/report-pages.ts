/** Reports at the desk: read on a page, taken along as a workbook or as CSV (requirements.md 11.4). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parse } from '../ingress/bodies.js';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import { csvOf } from '../reports/formats/csv.js';
import { cellText } from '../reports/formats/table.js';
import { xlsxOf } from '../reports/formats/xlsx.js';
import { REPORT_CODES, REPORTS, reportCode, reportOf, type ReportCode } from '../reports/registry.js';
import type { Column, Part as Table, Report, ReportOptions, Row } from '../reports/report.js';
import { at } from '../views/format.js';
import { sessionFor } from './access.js';
import { html, type Html, type Part } from './html.js';
import { heading, page } from './layout.js';
import { masked } from '../domain/mask.js';

/** Files made at one time: each may hold fifty thousand rows in memory. */
const FILES_AT_ONCE = 2;
/** Rows on a page; a file takes up to fifty thousand. */
const ON_PAGE = 500;
const IN_FILE = 50_000;

const Day = z.union([z.literal(''), z.iso.date()]).default('');
const Query = z.object({
  from: Day,
  to: Day,
  about: z.string().trim().max(80).default(''),
  owner: z.string().trim().max(40).default(''),
});
type Query = z.output<typeof Query>;

const CODE = { code: z.string().max(20) };
interface Named {
  Params: { code: string };
}

/** Registers `GET /desk/reports`, `…/:code`, `…/:code/workbook` and `…/:code/csv/:part`. */
export function reportRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { zone } = deps.config.calendar;
  const read = async (
    given: string,
    query: unknown,
    limit: number,
  ): Promise<{ code: ReportCode; asked: Query; report: Report }> => {
    const code = codeOf(given);
    const asked = parse(Query, query);
    return { code, asked, report: await reportOf(code)(deps.store.db, optionsFor(deps, asked, limit)) };
  };
  let making = 0;
  const made = async <T>(make: () => Promise<T>): Promise<T> => {
    if (making >= FILES_AT_ONCE) throw new Refusal(503, 'Other files are being made just now. Try again in a moment.');
    making += 1;
    try {
      return await make();
    } finally {
      making -= 1;
    }
  };
  app.get('/reports', async (request, reply) =>
    reply.send(page(sessionFor(request), zone, { title: 'Reports', tab: '/desk/reports', body: listBody() })),
  );
  app.get<Named>('/reports/:code', async (request, reply) => {
    const { code, asked, report } = await read(request.params.code, request.query, ON_PAGE);
    const body = reportBody(code, asked, report, zone);
    return reply.send(page(sessionFor(request), zone, { title: report.title, tab: '/desk/reports', body }));
  });
  app.get<Named>('/reports/:code/workbook', async (request, reply) => {
    const { code, report, file } = await made(async () => {
      const found = await read(request.params.code, request.query, IN_FILE);
      return { ...found, file: await xlsxOf(found.report) };
    });
    return asFile(reply, `${fileName(code, report)}.xlsx`, XLSX).send(file);
  });
  app.get<{ Params: { code: string; part: string } }>('/reports/:code/csv/:part', async (request, reply) => {
    const { code, report } = await made(() => read(request.params.code, request.query, IN_FILE));
    const part = report.parts.find(({ name }) => name === request.params.part);
    if (part === undefined) throw new Refusal(404, `${code} has no such part.`);
    return asFile(reply, `${fileName(code, report)}-${part.name}.csv`, 'text/csv; charset=utf-8').send(
      csvOf(part, zone),
    );
  });
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const asFile = <R extends { type(type: string): R; header(name: string, value: string): R }>(
  reply: R,
  name: string,
  type: string,
): R => reply.type(type).header('content-disposition', `attachment; filename="${name}"`);

const fileName = (code: ReportCode, { asOf }: Report): string => `${code}-${asOf.slice(0, 10)}`;

/** @throws Refusal 404 naming the reports there are. */
function codeOf(given: string): ReportCode {
  const code = reportCode(parse(z.object(CODE), { code: given }).code);
  if (code !== undefined) return code;
  throw new Refusal(404, `There is no report "${given.slice(0, 40)}". Reports: ${REPORT_CODES.join(', ')}.`);
}

/** What a report is read with at the desk. */
export function optionsFor({ config }: IngressDeps, { from, to, about, owner }: Query, limit: number): ReportOptions {
  const none = (text: string): string | null => (text === '' ? null : text);
  return {
    zone: config.calendar.zone,
    baseCurrency: config.policies[config.policy]?.baseCurrency ?? 'GBP',
    now: new Date(),
    from: none(from),
    to: none(to),
    about: none(about),
    owner: none(owner),
    limit,
  };
}

const listBody = (): Part =>
  html`${heading('Reports')}
    <section class="card">
      ${REPORT_CODES.map(
        (code) =>
          html`<h3><a href="/desk/reports/${code}">${REPORTS[code].title}</a> <span class="soft">${code}</span></h3>
            <p>${REPORTS[code].sentence}</p>`,
      )}
    </section>`;

function reportBody(code: ReportCode, asked: Query, report: Report, zone: string): Part {
  const query = new URLSearchParams(asked).toString();
  return html`${heading(report.title, `${report.sentence} As of ${at(report.asOf, zone)}.`)}
    <form method="get" action="/desk/reports/${code}" class="card row">
      <label>From <input type="date" name="from" value="${asked.from}" /></label>
      <label>To <input type="date" name="to" value="${asked.to}" /></label>
      <label>About <input type="text" name="about" value="${asked.about}" placeholder="an order, a supplier" /></label>
      <button class="quiet">Show</button>
      <a href="/desk/reports/${code}/workbook?${query}">Workbook</a>
      ${report.parts.map((part) => html`<a href="/desk/reports/${code}/csv/${part.name}?${query}">CSV: ${part.title}</a>`)}
    </form>
    ${report.notes.map((note) => html`<p class="message warn">${note}</p>`)}
    ${report.parts.map((part) => partCard(part, zone))}`;
}

/** One table of a report. */
export const partCard = (part: Table, zone: string): Html =>
  html`<section class="card">
    <h2>${part.title}</h2>
    ${part.rows.length === 0 ? html`<p class="soft">Nothing.</p>` : tableOf(part, zone)}
  </section>`;

const isNumber = ({ kind }: Column): boolean => kind === 'amount' || kind === 'units' || kind === 'duration';

const tableOf = ({ columns, rows, totals }: Table, zone: string): Html =>
  html`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" ${isNumber(column) && html`class="number"`}>${column.heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(row, columns, zone))} ${totals.map((row) => rowOf(row, columns, zone, 'total'))}
      </tbody>
    </table>
  </div>`;

const rowOf = (row: Row, columns: readonly Column[], zone: string, total = ''): Html =>
  html`<tr ${total !== '' && html`class="total"`}>
    ${columns.map(
      (column) =>
        html`<td data-is="${column.heading}" ${isNumber(column) && html`class="number"`}>
          ${masked(cellText(column, row[column.key], zone))}
        </td>`,
    )}
  </tr>`;
