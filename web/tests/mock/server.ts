import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { MockApi } from './api'

const DIST = new URL('../../dist/', import.meta.url).pathname
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

export interface MockServer {
  origin: string
  api: MockApi
  close: () => Promise<void>
}

/** Serves the built page and the mock API on one origin and the object store on another, as in production. */
export async function startMockServer(): Promise<MockServer> {
  const api = new MockApi()
  const store = await listen((request, response) => void serveStore(api, request, response))
  api.storeOrigin = origin(store)
  const site = await listen((request, response) => void serveSite(api, request, response))
  const close = async () => {
    for (const server of [site, store]) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
  return { origin: origin(site), api, close }
}

async function serveSite(api: MockApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://site')
  if (url.pathname.startsWith('/api/')) {
    return api.handle(request, response, url.pathname.slice('/api'.length), url.searchParams)
  }
  const name = extname(url.pathname) ? normalize(url.pathname) : '/index.html'
  const { storeOrigin } = api
  const headers = {
    'Content-Type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    'Content-Security-Policy': `default-src 'self'; img-src 'self' blob: data: ${storeOrigin}; connect-src 'self' ${storeOrigin}; frame-ancestors 'none'`,
    'Cache-Control': 'no-cache',
  }
  try {
    const content = await readFile(join(DIST, name))
    response.writeHead(200, headers).end(content)
  } catch {
    response.writeHead(404).end()
  }
}

async function serveStore(api: MockApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, action, name = ''] = (request.url ?? '').split('/')
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', '*')
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
  } else if (action === 'upload') {
    if (api.options.brokenUploads > 0) {
      api.options.brokenUploads -= 1
      request.socket.destroy()
      return
    }
    response.writeHead(await api.storeUpload(request, name)).end()
  } else {
    // As in the real store: the response sets the file name, and scripts of other origins cannot read it.
    response.removeHeader('Access-Control-Allow-Origin')
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Disposition': `attachment; filename="${name}"` })
    response.end(api.options.standardPhoto)
  }
}

function listen(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(serve)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const origin = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}`
