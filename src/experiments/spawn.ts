import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The module `name` beside `base` (an `import.meta.url`), with the ending that `base` has: `.ts` in the sources, `.js` in dist. */
export const moduleBeside = (name: string, base: string): URL => new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);

/** Room for new objects, MiB: at the default (48) facts and events of a large run are collected so often that it costs a tenth of its CPU time. */
const maxYoungGenerationSizeMb = 192;

/** A worker that runs `module`. A worker does not inherit the loader of TypeScript from its parent, so for a `.ts` it is registered first. What it prints goes to stderr. */
export function spawn(module: URL, options: WorkerOptions): Worker {
  const piped = { ...options, stdout: true, stderr: true, resourceLimits: { maxYoungGenerationSizeMb } };
  const worker = module.pathname.endsWith('.ts')
    ? new Worker(`${registration()}.then(() => import(${JSON.stringify(module.href)}))`, {
        ...piped,
        eval: true,
      })
    : new Worker(module, piped);
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
  return worker;
}

/** Registers both loaders of tsx: a `.ts` outside a package of type "module" is CommonJS. They are found from here: code that is evaluated would look for them from the current folder. */
const registration = (): string => {
  const loaders = ['tsx/cjs/api', 'tsx/esm/api'].map((name) => `import(${JSON.stringify(import.meta.resolve(name))})`);
  return `Promise.all([${loaders.join(', ')}]).then((loaded) => loaded.forEach(({ register }) => register()))`;
};
