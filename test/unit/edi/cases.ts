/** Cases of each property; `npm run test:edi` asks for a million in all. */
export const CASES = Number(process.env['SELVEDGE_EDI_CASES'] ?? 300);

/** What cases are made from: the same ones in each run, unless another seed is asked for. */
export const SEED = Number(process.env['SELVEDGE_EDI_SEED'] ?? 20260331);
