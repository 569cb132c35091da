/** What a person was shown, as text. */
import { figuresShown, type Figure } from '../../views/figures.js';
import { counted, indent } from '../../views/format.js';
import { table } from '../output.js';

function figureText(figure: Figure): string {
  if (figure.is === 'fact') return figure.name === '' ? figure.value : `${figure.name}: ${figure.value}`;
  if (figure.is === 'group') return `${figure.title}:\n${indent(figure.figures.map(figureText).join('\n'))}`;
  const { headline, headings, rows, more } = figure;
  if (rows.length === 0) return headline;
  const rest = more === 0 ? [] : [`… and ${counted(more, 'more line')}`];
  return [headline, indent([table(headings, rows), ...rest].join('\n'))].join('\n');
}

/** Whatever a case bound a decision to, as text. */
export const shownText = (shown: unknown): string => figuresShown(shown).map(figureText).join('\n');
