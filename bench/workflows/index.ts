/** What the benchmarks' bundle starts from. The product's bundle knows nothing of it. */
export { kitSteps } from './kit.js';
export { plainSteps, threeActivities } from './plain.js';
