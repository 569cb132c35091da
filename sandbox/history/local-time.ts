/** Local times without offset, as a shop prints them, to instants in UTC. */
const HOUR = 3_600_000;

/** Milliseconds by which a zone is ahead of UTC at an instant. */
function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour') % 24, part('minute'));
  return shown - Math.floor(at / 60_000) * 60_000;
}

/**
 * A reader of local times `yyyy-mm-ddThh:mm[:ss]` of a zone. An hour that occurs twice means its first time, one that
 * is skipped the hour after. Throws RangeError for anything that is no local time.
 */
export function localTimes(zone: string): (text: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  // The offset changes on the hour at most, so one look-up serves all rows of an hour.
  const offsets = new Map<string, number>();
  return (text) => {
    const asUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? Date.parse(`${text}Z`) : NaN;
    if (Number.isNaN(asUtc)) throw new RangeError(`"${text}" is no local time such as 2010-12-01T09:41:00`);
    const hour = text.slice(0, 13);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      // Whichever of the offsets around gives back the time printed; the larger is the first of a doubled hour.
      const around = [offsetAt(format, asUtc - 12 * HOUR), offsetAt(format, asUtc + 12 * HOUR)];
      const fitting = around.filter((one) => offsetAt(format, asUtc - one) === one);
      offset = fitting.length > 0 ? Math.max(...fitting) : Math.min(...around);
      offsets.set(hour, offset);
    }
    return new Date(asUtc - offset).toISOString();
  };
}
