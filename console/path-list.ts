/** The path of a saga as a list of moments. */
import type { SagaPath } from '../views/path.js';
import { at, short } from '../views/format.js';
import { momentsOf, standing } from '../views/story.js';
import { html, type Html } from './html.js';

const MOST_MOMENTS = 300;

/** What happened to a saga and its object, in order, and how it stands; the newest three hundred moments. */
export function pathList(saga: SagaPath, zone: string): Html {
  const moments = momentsOf(saga);
  const left = Math.max(0, moments.length - MOST_MOMENTS);
  return html`${left > 0 && html`<p class="soft">The first ${left} moments are left out.</p>`}
    <ol class="path">
      ${moments
        .slice(left)
        .map(
          (moment) =>
            html`<li>
              <time datetime="${moment.at}">${at(moment.at, zone)}</time><span>${short(moment.words.trim(), 400)}</span>
            </li>`,
        )}
    </ol>
    <p class="soft">It is ${standing(saga, null)}.</p>`;
}
