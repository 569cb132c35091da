export const waiting = (_: string[]): Promise<number> => Promise.resolve(0);
