import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import type { AddressInfo } from 'node:net'
import { Service } from './service'

const DIST = new URL('../../dist/', import.meta.url).pathname
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

export interface Stage {
  origin: string
  service: Service
  close: () => Promise<void>
}

/** The built site and the API on one origin, the object store on another, as in production. */
export async function raise(): Promise<Stage> {
  const service = new Service()
  const store = await listen((request, response) => void serveStore(service, request, response))
  service.storeOrigin = origin(store)
  const site = await listen((request, response) => void serveSite(service, request, response))
  const close = async () => {
    for (const server of [site, store]) {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }
  return { origin: origin(site), service, close }
}

async function serveSite(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://site')
  if (url.pathname.startsWith('/api/')) {
    return service.answer(request, response, url.pathname.slice('/api'.length), url.searchParams)
  }
  const name = extname(url.pathname) ? normalize(url.pathname) : '/index.html'
  const headers = {
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': `default-src 'self'; img-src 'self' blob: data: ${service.storeOrigin}; connect-src 'self' ${service.storeOrigin}; frame-ancestors 'none'`,
    'Cache-Control': 'no-cache',
  }
  try {
    const content = await readFile(join(DIST, name))
    response.writeHead(200, headers).end(content)
  } catch {
    response.writeHead(404).end()
  }
}

async function serveStore(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, action, name = ''] = (request.url ?? '').split('/')
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', '*')
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
  } else if (action === 'upload') {
    if (service.knobs.brokenUploads > 0) {
      service.knobs.brokenUploads -= 1
      request.socket.destroy()
      return
    }
    response.writeHead(await service.receive(request, name)).end()
  } else {
    // As the store does: the link names the file, and scripts of other origins read nothing.
    response.removeHeader('Access-Control-Allow-Origin')
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Disposition': `attachment; filename="${name}"` })
    response.end(service.knobs.standardPhoto)
  }
}

function listen(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(serve)
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

const origin = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}`
