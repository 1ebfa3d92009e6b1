/*
 * Keeps the shell of the site for times without network. The address carries the build's name, so a new build fills its own
 * store and drops the old one. Nothing from the API and nothing from another origin is ever kept: no photo, no answer.
 */
const STORE = `shell${self.location.search}`
const SHELL = ['/', '/config.json', '/icon.svg', '/manifest.webmanifest']

self.addEventListener('install', (event) => event.waitUntil(fill()))
self.addEventListener('activate', (event) => event.waitUntil(tidy()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return
  event.respondWith(url.pathname.startsWith('/assets/') ? kept(request) : fresh(request))
})

async function fill() {
  const store = await caches.open(STORE)
  const listed = await (await fetch('/assets.json', { cache: 'no-store' })).json()
  const files = Object.values(listed).flatMap(({ file, css = [] }) => [file, ...css])
  await store.addAll([...SHELL, ...new Set(files.map((file) => `/${file}`))])
}

async function tidy() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** Files with a hash in their name never change. */
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request)
}

/** Everything else from the network first; views of the site fall back to its one document. */
async function fresh(request) {
  try {
    return await fetch(request)
  } catch (offline) {
    const found = await caches.match(request.mode === 'navigate' ? '/' : request)
    if (found) return found
    throw offline
  }
}
