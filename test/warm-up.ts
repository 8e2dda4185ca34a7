import { collect } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator } from 'imageferry/digitalocean/emulator'

const warming = async (): Promise<void> => {
  const { token, baseUrl, close } = await startEmulator({ timeScale: 0 })
  await collect(digitalOcean({ token, baseUrl }), {})()
  await close()
}

let warmed: Promise<void> | undefined

/** Has everything loaded that is loaded with a process's first request, so that no simulated time passes meanwhile. */
export const warmUp = (): Promise<void> => {
  warmed ??= warming()
  return warmed
}
