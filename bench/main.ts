import { bench } from './cli.ts';

process.exitCode = await bench(process.argv.slice(2));
