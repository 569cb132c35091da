/** `feed`: how far each feed has read, and the four things a person does with one. */
import type { Command } from 'commander';
import { ensureStanding, nudgeFeed } from '../../clients/temporal/index.js';
import { FeedRefused, listFeeds, pauseFeed, replayFeed, resumeFeed, startFeed, type Feed } from '../../store/feeds.js';
import { Refused, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { pointOf, pointText, seqOf, type Point } from '../reads/feed-point.js';
import { feedStates, type FeedState } from '../reads/feeds.js';
import { feedsText, feedText } from '../screens/feed.js';
import { withAccess, type Access } from './access.js';

const ACTIONS = ['start', 'pause', 'resume', 'replay'] as const;
type Action = (typeof ACTIONS)[number];

interface FeedOptions extends CommonOptions {
  from?: Point;
}

function actionOf(text: string): Action {
  const action = ACTIONS.find((known) => known === text);
  if (action !== undefined) return action;
  throw new WrongUsage(`"${text}" cannot be done with a feed; allowed are ${ACTIONS.join(', ')}`);
}

export function feedCommand(program: Command): void {
  withCommon(program.command('feed'))
    .description('feeds: how far they have read; start, pause, resume or replay one')
    .argument('[name]', 'as in archean.returns; none lists all')
    .argument('[action]', ACTIONS.join(', '), actionOf)
    .option('--from <point>', 'start and replay: a sequence number of the source, "now", or a date yyyy-mm-dd', pointOf)
    .action(async (name: string | undefined, action: Action | undefined, options: FeedOptions) => {
      const pointed = action === 'start' || action === 'replay';
      if (pointed && options.from === undefined)
        throw new WrongUsage(
          `a feed never ${action === 'start' ? 'starts' : 'reads again'} without a point: add --from with a sequence number of the source, "now", or a date as yyyy-mm-dd`,
        );
      if (!pointed && options.from !== undefined) throw new WrongUsage('--from belongs to start and replay');
      await withAccess(options, async (access) => {
        if (name === undefined || action === undefined) await show(access, name);
        else await operate(access, name, action, options.from);
      });
    });
}

async function show({ db, output, zone }: Access, name: string | undefined): Promise<void> {
  const feeds = await feedStates(db, new Date());
  if (name === undefined) return output.result({ feeds, zone }, () => feedsText(feeds, zone));
  output.result(named(feeds, name), (feed) => feedText(feed, zone));
}

function named(feeds: readonly FeedState[], name: string): FeedState {
  const feed = feeds.find((each) => each.feed === name);
  if (feed !== undefined) return feed;
  throw new Refused(
    `There is no feed "${name}". The feeds are ${feeds.map((each) => each.feed).join(', ') || 'not registered yet'}.`,
  );
}

async function operate(access: Access, name: string, action: Action, from: Point | undefined): Promise<void> {
  const { db, config, output, zone } = access;
  const known = (await listFeeds(db)).map((feed) => feed.feed);
  if (!known.includes(name)) named(await feedStates(db, new Date()), name);
  const person = await access.person();
  const seq = from === undefined ? 0 : await seqOf(from, name, config, db);
  const client = await access.temporal();
  const feed = await done(access, name, action, seq, person.id);
  await ensureStanding(client, [name]);
  await nudgeFeed(client, name);
  const point = from === undefined ? '' : pointText(from, seq, zone);
  output.result({ feed: feed.feed, state: feed.state, position: feed.position, by: person.id }, () =>
    told(action, name, point),
  );
}

async function done({ db }: Access, name: string, action: Action, seq: number, by: string): Promise<Feed> {
  try {
    switch (action) {
      case 'start':
        return await startFeed(db, name, seq, by, 'proven');
      case 'replay':
        return await replayFeed(db, name, seq, by, 'proven');
      case 'pause':
        return await pauseFeed(db, name, by, 'proven');
      case 'resume':
        return await resumeFeed(db, name, by, 'proven');
    }
  } catch (error) {
    if (!(error instanceof FeedRefused)) throw error;
    throw new Refused(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`, { cause: error });
  }
}

const told = (action: Action, name: string, point: string): string =>
  ({
    start: `Feed ${name} runs from ${point}. Nothing before it posts.`,
    pause: `Feed ${name} is paused: it reads nothing until it is resumed. What it had taken in goes on.`,
    resume: `Feed ${name} runs again and reads on from where it was.`,
    replay: `Feed ${name} reads again from ${point}. What is known stays as it is; only what was missed comes in.`,
  })[action];
