/*
 * Caches the static files of the site for use without network. The URL of this script contains the hash of the build,
 * so each build fills its own cache and deletes the others. Responses of the API and of other origins, such as photos,
 * are never cached.
 */
const CACHE = `shell${self.location.search}`
const SHELL = ['/', '/config.json', '/icon.svg', '/manifest.webmanifest']

self.addEventListener('install', (event) => event.waitUntil(fillCache()))
self.addEventListener('activate', (event) => event.waitUntil(deleteOldCaches()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return
  event.respondWith(url.pathname.startsWith('/assets/') ? cacheFirst(request) : networkFirst(request))
})

async function fillCache() {
  const cache = await caches.open(CACHE)
  const manifest = await (await fetch('/assets.json', { cache: 'no-store' })).json()
  const files = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css])
  await cache.addAll([...SHELL, ...new Set(files.map((file) => `/${file}`))])
}

async function deleteOldCaches() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** For files with a content hash in their names: their content never changes. */
async function cacheFirst(request) {
  return (await caches.match(request)) ?? fetch(request)
}

/** For all other files. Without network, every page of the site gets the one HTML document. */
async function networkFirst(request) {
  try {
    return await fetch(request)
  } catch (offline) {
    const cached = await caches.match(request.mode === 'navigate' ? '/' : request)
    if (cached) return cached
    throw offline
  }
}
