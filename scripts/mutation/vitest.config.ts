import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

// The tests that tell the model and the translations by themselves; those over HTTP would take hours.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    // Time zones can be tried in a process of its own only, and mutants share one.
    testNamePattern: /^(?!.*is read there)/,
    include: [
      'test/model/**/*.test.ts',
      'test/adapters/*/{tags,translation,snapshot,key-tag,description}.test.ts',
      'test/adapters/{examples,image-fields,operating-systems}.test.ts',
      'test/flow/{latest,find-by-name,list,chaotic}.test.ts',
    ],
  },
})
