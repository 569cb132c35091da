import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const VERSION = '1.8.2';
/** What `temporal --version` prints, as a program of its own. */
const program = (server: string): string =>
  `#!/bin/sh\necho "temporal version 0.0.0-DEV (Server ${server}, UI 2.50.1)"\n`;

interface Outcome {
  code: number;
  found: { path: string; how: string } | null;
  words: string;
  tookMs: number;
}

describe('the search for a Temporal server', () => {
  let dir = '';
  let servers: Server[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-find-'));
    mkdirSync(join(dir, 'bin'));
  });
  afterEach(async () => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve).closeAllConnections());
    servers = [];
    rmSync(dir, { recursive: true });
  });

  const executable = (path: string, text: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  const cached = (): string => join(dir, 'cache', 'selvedge', 'temporal', VERSION, 'temporal');
  /** Runs the search in an environment where only what the test puts there exists. */
  const find = (env: Record<string, string> = {}): Promise<Outcome> => {
    const began = Date.now();
    const surroundings = {
      PATH: `${join(dir, 'bin')}:/usr/bin:/bin`,
      HOME: dir,
      XDG_CACHE_HOME: join(dir, 'cache'),
      SELVEDGE_TEMPORAL_ARCHIVE: '',
      ...env,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, ['scripts/find-temporal.mjs'], { env: surroundings }, (error, stdout, stderr) => {
        const found = stdout === '' ? null : (JSON.parse(stdout) as Outcome['found']);
        resolve({ code: error === null ? 0 : 1, found, words: stderr, tookMs: Date.now() - began });
      });
    });
  };
  const serve = async (answer: (send: (body: Buffer) => void) => void): Promise<string> => {
    const server = createServer((_request, reply) => answer((body) => reply.end(body)));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/temporal.tar.gz`;
  };

  test('takes the program that TEMPORAL_CLI names before anything else', async () => {
    const own = executable(join(dir, 'own', 'temporal'), program('1.31.2'));
    executable(join(dir, 'bin', 'temporal'), program('1.31.2'));
    expect((await find({ TEMPORAL_CLI: own })).found).toEqual({ path: own, how: 'TEMPORAL_CLI' });
  });

  test('a TEMPORAL_CLI that does not run is an error, not a reason to look elsewhere', async () => {
    executable(join(dir, 'bin', 'temporal'), program('1.31.2'));
    const { code, words } = await find({ TEMPORAL_CLI: join(dir, 'nothing') });
    expect(code).toBe(1);
    expect(words).toContain(`TEMPORAL_CLI=${join(dir, 'nothing')} is no temporal program`);
  });

  test('passes over a program on the path whose server is too old, and takes the cache', async () => {
    executable(join(dir, 'bin', 'temporal'), program('1.28.9'));
    executable(cached(), program('1.31.2'));
    expect((await find()).found).toEqual({ path: cached(), how: 'cache' });
  });

  test('takes a program on the path whose server is new enough', async () => {
    const path = executable(join(dir, 'bin', 'temporal'), program('1.29.1'));
    expect((await find()).found).toEqual({ path, how: 'temporal on the path' });
  });

  test('unpacks the vendor’s archive and keeps the program in the cache', async () => {
    executable(join(dir, 'made', 'temporal'), program('1.31.2'));
    execFileSync('tar', ['-czf', join(dir, 'a.tar.gz'), '-C', join(dir, 'made'), 'temporal']);
    const url = await serve((send) => send(readFileSync(join(dir, 'a.tar.gz'))));
    const { found } = await find({ SELVEDGE_TEMPORAL_ARCHIVE: url });
    expect(found).toEqual({ path: cached(), how: "the vendor's archive" });
    expect(readdirSync(join(dir, 'cache', 'selvedge', 'temporal'))).toEqual([VERSION]);
  });

  test('gives up an archive that does not answer within seconds, and builds with Go instead', async () => {
    const url = await serve(() => undefined);
    executable(
      join(dir, 'bin', 'go'),
      `#!/bin/sh
case "$1" in
  env) echo go1.26.4 ;;
  build) while [ "$1" != -o ]; do shift; done
         printf '%s\\n' '#!/bin/sh' 'echo "temporal version 0 (Server 1.31.2, UI 2)"' > "$2"; chmod +x "$2" ;;
esac
`,
    );
    const { found, tookMs } = await find({ SELVEDGE_TEMPORAL_ARCHIVE: url });
    expect(found).toEqual({ path: cached(), how: 'go build' });
    expect(tookMs).toBeLessThan(20_000);
  });

  test('a build that fails leaves nothing behind and says the compiler’s words', async () => {
    executable(
      join(dir, 'bin', 'go'),
      '#!/bin/sh\ncase "$1" in env) echo go1.26.4 ;; build) echo "no such module" >&2; echo "go: downloading example.org/one v1.0.0" >&2; exit 1 ;; esac\n',
    );
    const { code, words } = await find();
    expect(code).toBe(1);
    expect(words).toMatch(/go build: go build failed: no such module$/m);
    expect(existsSync(cached())).toBe(false);
    expect(readdirSync(join(dir, 'cache', 'selvedge', 'temporal'))).toEqual([]);
  });

  test('with nothing at all it lists every way tried and what the user can do', async () => {
    executable(join(dir, 'bin', 'temporal'), program('1.20.0'));
    executable(join(dir, 'bin', 'go'), '#!/bin/sh\necho go1.22.1\n');
    const { code, words } = await find();
    expect(code).toBe(1);
    for (const line of [
      'TEMPORAL_ADDRESS: not set',
      'TEMPORAL_CLI: not set',
      'its server is 1.20, 1.29 is needed',
      'cache: nothing at',
      "the vendor's archive: switched off",
      'is 1.22, 1.26 is needed',
      'set TEMPORAL_ADDRESS=host:port',
    ]) {
      expect(words).toContain(line);
    }
    expect(words).not.toContain('    at ');
  });
});
