/** What the stand-ins share: chance, clock, faults, call log, sockets, arithmetic. */
export * from './calls.js';
export * from './clock.js';
export * from './decimal.js';
export * from './faults.js';
export * from './keeper.js';
export * from './limiter.js';
export * from './options.js';
export * from './random.js';
export * from './reply.js';
export * from './server.js';
