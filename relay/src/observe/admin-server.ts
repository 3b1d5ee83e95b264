import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from '../config/sections.ts';
import type { Metrics } from './metrics.ts';

/** Tells from memory whether the relay accepts pushes now, and otherwise the reason. */
export type Readiness = () => { readonly ready: boolean; readonly reason: string };

const STATUS = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string' }, reason: { type: 'string' } },
} as const;
const TEXT = { type: 'string' } as const;

/** Builds the admin port, which does not listen yet: /health, /ready, /metrics, /openapi.json. RL-64. */
export async function createAdmin(
  config: Config['http'],
  metrics: Metrics,
  readiness: Readiness,
  version: string,
): Promise<FastifyInstance> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  await server.register(swagger, { openapi: { info: { title: '0k-relay admin', version } } });
  await server.register(rateLimit, { max: config.requests_per_minute, timeWindow: '1 minute' });
  if (config.token !== '') server.addHook('onRequest', bearerCheck(config.token));
  server.get('/health', { schema: { response: { 200: STATUS } } }, () => ({ status: 'ok' }));
  server.get('/ready', { schema: { response: { 200: STATUS, 503: STATUS } } }, (_, reply) => {
    const { ready, reason } = readiness();
    return ready ? { status: 'ready' } : reply.code(503).send({ status: 'unavailable', reason });
  });
  server.get('/metrics', { schema: { response: { 200: TEXT } } }, async (_, reply) => {
    const text = await metrics.registry.metrics();
    return reply.type(metrics.registry.contentType).send(text);
  });
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
  return server;
}

/** Checks the token. It compares digests, so that the time reveals neither content nor length. OV-06. */
function bearerCheck(token: string) {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return async (
    request: { headers: { authorization?: string | undefined } },
    reply: { code(status: number): { send(body: object): unknown } },
  ): Promise<unknown> => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return undefined;
    return reply.code(401).send({ status: 'unauthorized', reason: 'the request needs the token of http.token' });
  };
}
