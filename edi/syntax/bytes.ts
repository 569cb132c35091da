/** Bytes the reader knows by name. */
export const LF = 10;
export const CR = 13;
export const BLANK = 32;
export const TAB = 9;

/** Bytes that no separator may be: letters, digits, blank (X12.5; facts/amazon-vendor.md 4.2.6). */
export const isAlphanumeric = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);

/** White space that may stand between segments. */
export const isGap = (byte: number): boolean => byte === LF || byte === CR || byte === BLANK || byte === TAB;

/** A byte as a person would name it. */
export function nameOfByte(byte: number | undefined): string {
  if (byte === undefined) return 'nothing';
  const named: Record<number, string> = { 9: 'tab', 10: 'line feed', 13: 'carriage return', 32: 'blank', 0: 'NUL' };
  const name = named[byte];
  if (name !== undefined) return name;
  return byte > 32 && byte < 127
    ? `"${String.fromCharCode(byte)}"`
    : `byte ${byte.toString(16).padStart(2, '0').toUpperCase()}`;
}
