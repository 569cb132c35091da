// Jest loads its global set-up as CommonJS, where `./x.js` is not found when the file is `x.ts`.
const { Module } = require('node:module');
const { existsSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

const original = Module._resolveFilename;
Module._resolveFilename = function resolveTypeScript(request, parent, ...rest) {
  if (request.startsWith('.') && request.endsWith('.js') && parent?.filename?.endsWith('.ts')) {
    const source = resolve(dirname(parent.filename), request.replace(/\.js$/, '.ts'));
    if (existsSync(source)) return original.call(this, source, parent, ...rest);
  }
  return original.call(this, request, parent, ...rest);
};
