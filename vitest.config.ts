import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests use the public names and run against the sources; test/package.test.ts runs against the packed build.
    alias: [
      { find: /^imageferry$/, replacement: at('./src/index.ts') },
      { find: /^imageferry\/conformance$/, replacement: at('./src/conformance/index.ts') },
      { find: /^imageferry\/inspect$/, replacement: at('./src/inspect/index.ts') },
      { find: /^imageferry\/([^/]+)\/emulator$/, replacement: at('./adapters/$1/emulator.ts') },
      { find: /^imageferry\/([^/]+)$/, replacement: at('./adapters/$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Nothing waits for real time, so that this is for what hangs; a busy machine takes some times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // As many as a small machine has processors: nothing waits for real time, so that one would leave the other idle.
    maxWorkers: 2,
  },
})
