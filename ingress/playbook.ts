/** The playbook's pages, one a code, for whoever follows the link of a notice. They hold no data and need no key. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { projectFolder } from '../config/load.js';
import { EXCEPTIONS } from '../domain/failures.js';
import { Refusal } from './deps.js';

const PAGES: ReadonlySet<string> = new Set([...Object.keys(EXCEPTIONS), 'approval']);

/** Registers `GET /playbook/:code`: the page as the text it is written in. */
export function playbookRoutes(app: FastifyInstance): void {
  app.get<{ Params: { code: string } }>('/playbook/:code', async (request, reply) => {
    const { code } = request.params;
    if (!PAGES.has(code))
      throw new Refusal(404, `The playbook has no page "${code.slice(0, 40)}". It has ${[...PAGES].join(', ')}.`);
    return reply.type('text/plain; charset=utf-8').send(await pageOf(code));
  });
}

async function pageOf(code: string): Promise<string> {
  try {
    return await readFile(join(projectFolder(), 'docs', 'playbook', `${code}.md`), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Refusal(
      404,
      `This installation has no docs/playbook/${code}.md: it was installed without its documents.`,
    );
  }
}
