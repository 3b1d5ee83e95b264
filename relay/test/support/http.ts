import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Sends one request to the admin port, on a new connection. */
export async function get(port: number, path: string, authorization = ''): Promise<{ status: number; body: string }> {
  const headers = authorization === '' ? {} : { authorization };
  const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}
