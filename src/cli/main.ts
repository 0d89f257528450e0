#!/usr/bin/env node
import { run } from './run-cli.ts';

// Never process.exit after writing: what is still in a pipe would be lost.
process.exitCode = await run(process.argv.slice(2));
