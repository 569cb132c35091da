/** Scalars and the error of the wire shapes in schema.ts. */
import { z } from 'zod';

/** A decimal number as text, sign allowed: `12.50`, `-0.832`. */
export const Decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'a decimal number as text');
export const WireDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as yyyy-mm-dd');
export const WireInstant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, 'an instant in UTC');
export const Currency = z.string().regex(/^[A-Z]{3}$/);
export const Code = z.string().min(1).max(40);
export const Signed = z.number().int().safe();

/** The six-part item key of facts/blue-cherry.md 3.3 in its text form, parts joined by `|`, empties kept. */
export const BlueCherrySku = z.string().regex(/^[^|]*(\|[^|]*){5}$/, 'division|style|color|label|dimension|size');

export const BlueCherryError = z.object({
  code: z.string(),
  message: z.string(),
  resource: z.string().optional(),
});
export type BlueCherryError = z.infer<typeof BlueCherryError>;
