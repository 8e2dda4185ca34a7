import { conformance } from 'imageferry/conformance'
import { gcore } from 'imageferry/gcore'
import { describe, it } from 'vitest'
import { gcoreSubject } from '../gcore-subject.ts'

// Of what a task tells of its request nothing is published. Where it is nothing, a repeated call may be refused: see keys.test.ts.
for (const taskData of ['full', 'name-and-url'] as const)
  conformance(
    { describe, it },
    {
      name: `gcore, over HTTP against its emulator, whose tasks tell ${taskData}`,
      capabilities: gcore({ apiKey: 'none', project: 1 }).capabilities,
      start: () => gcoreSubject({ taskData }),
    },
  )
