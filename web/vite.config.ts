import { defineConfig } from 'vitest/config'

const api = process.env.API_ORIGIN ?? 'http://localhost:8080'
const node = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', manifest: 'assets.json', assetsInlineLimit: 0, reportCompressedSize: false },
  server: { proxy: { '/api': api } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
      },
      { extends: true, test: { name: 'build', ...node, include: ['tests/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'pages',
          ...node,
          include: ['tests/pages/*.test.ts'],
          globalSetup: 'tests/pages/global-setup.ts',
          // Test files share no state through modules, so workers load the modules once.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'smoke', ...node, include: ['tests/smoke/*.test.ts'] } },
    ],
  },
})
