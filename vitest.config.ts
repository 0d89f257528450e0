import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    conditions: ['fenshi-src'],
    alias: [{ find: /^\.\/spawn\.ts$/, replacement: fileURLToPath(new URL('test/spawn-built.ts', import.meta.url)) }],
  },
  ssr: { resolve: { conditions: ['fenshi-src'] } },
  test: {
    dir: 'test',
    globalSetup: 'test/build.ts',
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
  },
});
