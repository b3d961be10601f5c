#!/usr/bin/env node
const { join } = require('node:path');
const { openCode } = require('../dist/start.js');

openCode(join(__dirname, '..', 'dist'))
  .load('cli.js')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  });
