import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Tests on a real server or a real browser: one file at a time, with time to start things. */
const whole = {
  environment: 'node' as const,
  globalSetup: 'tests/database/setup.ts',
  fileParallelism: false,
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
      { test: { name: 'server', root: '.', include: ['tests/server/**/*.test.ts'], testTimeout: 180_000, ...whole } },
      { test: { name: 'e2e', root: '.', include: ['tests/e2e/**/*.test.ts'], testTimeout: 240_000, ...whole } },
    ],
  },
})
