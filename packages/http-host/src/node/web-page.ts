import type { IncomingMessage } from 'node:http';
import type { HttpCall } from '../call.ts';

/** Answers a request for something beside the protocol, such as a health check or the metadata of an authorization server. */
export type WebPage = (request: Request) => Response | Promise<Response>;

/** Answers a call with a page. The limits of bodies hold for it too. */
export async function servePage(call: HttpCall, { headers }: IncomingMessage, page: WebPage): Promise<void> {
  const hasBody = call.method !== 'GET' && call.method !== 'HEAD';
  const body = hasBody ? await call.bodyText('any') : undefined;
  if (call.answered || (hasBody && body === undefined)) return;
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') ? [] : [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const url = new URL(call.url, `http://${call.header('host') ?? 'localhost'}`);
  const response = await page(
    new Request(url, { method: call.method, headers: fields, ...(body !== undefined && { body }) }),
  );
  call.reply(response.status, Object.fromEntries(response.headers), await response.text());
}
