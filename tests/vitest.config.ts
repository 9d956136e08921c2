import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Tests on a real server or a real browser: with time to start things. */
const whole = {
  environment: 'node' as const,
  globalSetup: 'tests/database/setup.ts',
  hookTimeout: 400_000,
}

/** Groups, so that each can be run by itself: the house, rules, server (both databases), components, whole product in a browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'house',
          root: '.',
          include: ['tests/house/**/*.test.ts', 'tests/database/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        test: { name: 'geo', root: '.', include: ['tests/geo/**/*.test.ts'], environment: 'node', testTimeout: 30_000 },
      },
      {
        plugins: [vue()],
        test: { name: 'client', root: '.', include: ['tests/client/**/*.test.ts'], environment: 'node' },
      },
      // The databases work in processes of their own: two files at a time keep two cores busy.
      { test: { name: 'server', root: '.', include: ['tests/server/**/*.test.ts'], testTimeout: 180_000, ...whole, maxWorkers: 2 } },
      // A browser that draws maps in software wants the machine for itself: one file at a time. What fails once beside other work is asked once more.
      { test: { name: 'e2e', root: '.', include: ['tests/e2e/**/*.test.ts'], testTimeout: 240_000, retry: 1, ...whole, fileParallelism: false } },
    ],
  },
})
