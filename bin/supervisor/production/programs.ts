import { findPrograms } from '../find-temporal.js';
import { z } from 'zod';

const Found = z.object({ paths: z.object({ server: z.string(), schema: z.string(), ui: z.string() }) });

/** Paths of a production-shaped Temporal's programs. */
export type ProductionPrograms = z.infer<typeof Found>['paths'];

/** Finds them, or builds them once on this machine (3 to 4 minutes). Throws an Error that lists what was tried. */
export const findProductionPrograms = async (): Promise<ProductionPrograms> =>
  Found.parse(await findPrograms('find-production.mjs')).paths;
