import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['fenshi-src'] },
  ssr: { resolve: { conditions: ['fenshi-src'] } },
  test: { dir: 'test', testTimeout: 180_000, hookTimeout: 60_000, pool: 'forks', maxWorkers: 2 },
});
