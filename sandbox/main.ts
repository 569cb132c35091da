/** The sandbox as one process: stand-ins of Blue Cherry and Archean, and the control surface (design.md 8). */
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { closeWorld, createControlServer, createWorld, heldOf, Reset } from './control/index.js';
import type { Control, HeldWorld, Ports, Webhook, World, WorldSettings } from './control/index.js';
import { NOT_KEPT } from './core/index.js';
import { keepInFile, readHeld } from './file.js';
import type { FileKeeper } from './file.js';

export interface SandboxOptions {
  /** Port of the control surface; a free one unless given. */
  port?: number;
  /** Ports of the systems; free ones unless given. A reset keeps them. */
  ports?: Partial<Ports>;
  /** Key Blue Cherry takes in X-Api-Key. */
  blueCherryKey?: string;
  /** Credentials Archean takes; without them any client that names itself. */
  archean?: { clientId: string; clientSecret: string };
  /** Where Archean sends webhooks. */
  webhook?: Webhook;
  /** What to begin with: an empty scenario, seed 1, no misbehaviour, unless told. Nothing when the file holds a state. */
  reset?: unknown;
  /** Keeps the whole state in a file and goes on with what it holds; in memory alone unless given. */
  file?: string;
  /** Told when the file cannot be written any more; the process ends with the reason unless given. */
  failed?: (error: Error) => void;
}

export interface Sandbox {
  /** Address of the control surface. */
  url: string;
  systems: World['addresses'];
  /** True when it goes on with what the file held. */
  resumed: boolean;
  /** The world of now; replaced by every reset. */
  world(): World;
  close(): Promise<void>;
}

const portOf = (address: string): number => Number(new URL(address).port);

/** Books that cannot be kept are worse than none: what was answered since would be lost by the next start. */
function giveUp(error: Error): void {
  process.stderr.write(`the sandbox cannot keep its books: ${error.message}\n`);
  process.exit(1);
}

function settingsOf(options: SandboxOptions): WorldSettings {
  return {
    blueCherryKey: options.blueCherryKey ?? 'blue-cherry-development-key',
    archean: options.archean ?? null,
    webhook: options.webhook ?? null,
    keeper: NOT_KEPT,
  };
}

/** A world that a reset replaces and a file keeps. */
class Stage {
  readonly #settings: WorldSettings;
  readonly #ports: Ports;
  #world: World;
  #file: FileKeeper | null = null;
  /** Where the play of a world that is being closed was; what is kept then goes on with it. */
  #left: HeldWorld['play'] | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(settings: WorldSettings, world: World) {
    this.#settings = settings;
    this.#world = world;
    this.#ports = {
      'blue-cherry': portOf(world.addresses['blue-cherry']),
      archean: portOf(world.addresses.archean),
    };
  }

  /** Begins to keep the world in a file; throws when it cannot be written. */
  keep(path: string, failed: (error: Error) => void): FileKeeper {
    const file = keepInFile(
      path,
      () => ({ ...heldOf(this.#world), ...(this.#left === undefined ? {} : { play: this.#left }) }),
      failed,
    );
    file.save();
    this.#file = file;
    return file;
  }

  readonly control: Control = {
    world: () => this.#world,
    reset: (wanted) => {
      const next = this.#turn.then(() => this.#replace(wanted));
      this.#turn = next.catch(() => undefined);
      return next;
    },
    setWebhook: (target) => {
      this.#settings.webhook = target;
      this.#world.archean.setWebhook(target);
    },
  };

  async #replace(wanted: Reset): Promise<World> {
    if (wanted.webhook !== undefined) this.#settings.webhook = wanted.webhook;
    this.#left = this.#world.play?.position() ?? null;
    await closeWorld(this.#world);
    try {
      this.#world = await createWorld(this.#settings, wanted, this.#ports);
    } catch (error) {
      this.#world = await createWorld(this.#settings, Reset.parse({}), this.#ports);
      throw error;
    } finally {
      this.#left = undefined;
    }
    return this.#world;
  }

  /** Closes the world first, so that nothing is answered that the file does not hold. */
  async close(): Promise<void> {
    await this.#turn;
    this.#left = this.#world.play?.position() ?? null;
    await closeWorld(this.#world);
    try {
      this.#file?.save();
    } finally {
      this.#file?.close();
    }
  }
}

/** Starts everything on loopback. Throws when a port is taken, `reset` does not parse or the file is of no use. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { file, failed = giveUp } = options;
  const settings = settingsOf(options);
  let keeper: FileKeeper | null = null;
  // Until the first world stands there is nothing to keep.
  settings.keeper = {
    changed: () => keeper?.changed(),
    whenKept: (work) => (keeper === null ? work() : keeper.whenKept(work)),
  };
  const held = file === undefined ? null : (readHeld(file) as HeldWorld | null);
  const wanted = Reset.parse(held?.wanted ?? options.reset ?? {});
  const first = await createWorld(settings, wanted, options.ports ?? {}, held);
  const stage = new Stage(settings, first);
  const server = createControlServer(stage.control, settings.keeper);
  try {
    if (file !== undefined) keeper = stage.keep(file, failed);
    await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  } catch (error) {
    keeper?.close();
    await closeWorld(first);
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    systems: first.addresses,
    resumed: held !== null,
    world: stage.control.world,
    close: async () => {
      await server.close();
      await stage.close();
    },
  };
}

/** What the environment says: addresses and secrets of the common names. */
function fromEnvironment(env: NodeJS.ProcessEnv): SandboxOptions {
  const options: SandboxOptions = {};
  if (env['SELVEDGE_BLUE_CHERRY_KEY']) options.blueCherryKey = env['SELVEDGE_BLUE_CHERRY_KEY'];
  const clientId = env['SELVEDGE_ARCHEAN_CLIENT_ID'];
  const clientSecret = env['SELVEDGE_ARCHEAN_CLIENT_SECRET'];
  if (clientId && clientSecret) options.archean = { clientId, clientSecret };
  const secret = env['SELVEDGE_ARCHEAN_WEBHOOK_SECRET'];
  const ingress = env['SELVEDGE_INGRESS_URL'];
  if (secret && ingress) options.webhook = { url: new URL('/webhooks/archean', ingress).toString(), secret };
  return options;
}

function portGiven(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`--${name} must be a port from 0 to 65535; found "${text}"`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'blue-cherry-port': { type: 'string' },
      'archean-port': { type: 'string' },
      reset: { type: 'string' },
      file: { type: 'string' },
    },
  });
  const port = portGiven(values.port, 'port');
  const blueCherry = portGiven(values['blue-cherry-port'], 'blue-cherry-port');
  const archean = portGiven(values['archean-port'], 'archean-port');
  const sandbox = await startSandbox({
    ...fromEnvironment(process.env),
    ...(port === undefined ? {} : { port }),
    ports: {
      ...(blueCherry === undefined ? {} : { 'blue-cherry': blueCherry }),
      ...(archean === undefined ? {} : { archean }),
    },
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values.reset === undefined ? {} : { reset: JSON.parse(values.reset) as unknown }),
  });
  process.stdout.write(`${JSON.stringify({ sandbox: sandbox.url, systems: sandbox.systems })}\n`);
  // The books are on the disk by then; connections that clients keep open must not hold the process.
  const end = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main().catch((error: unknown) => {
    // Part of it may listen already and would keep a sandbox alive that nobody was told of.
    process.stderr.write(`the sandbox could not start: ${(error as Error).message}\n`);
    process.exit(1);
  });
