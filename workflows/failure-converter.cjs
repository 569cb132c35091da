// Puts message and stack trace of every failure into a payload, so that they are encrypted like any other. The SDK loads
// this file by its path, into the workflow bundle and with `require`: therefore CommonJS.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
