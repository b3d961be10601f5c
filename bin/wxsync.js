#!/usr/bin/env node
require('../dist/cli.js')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  });
