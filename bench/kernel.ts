import { inlineMore } from '../src/experiments/inlining.ts';
import { BenchError } from './bench-error.ts';
import { type KernelName, kernels } from './kernels/table.ts';

// As the workers of a run.
inlineMore();
/** Does the work of one kernel and prints its result as JSON: `kernel.ts hold 100 1000000`. */
const [name = '', ...words] = process.argv.slice(2);
if (!Object.hasOwn(kernels, name)) throw new BenchError(`no kernel ${name}`);
const kernel: (...words: string[]) => unknown = kernels[name as KernelName];
process.stdout.write(JSON.stringify(kernel(...words)));
