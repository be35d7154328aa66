import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FileServer {
  readonly url: string;
  /** `GET /path range` of each request. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** An HTTP server on this machine; `answer` handles each request. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<FileServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? ""}`.trimEnd());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with bytes, or the range that was asked for; `most` breaks the connection after that many. */
export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  most = Number.POSITIVE_INFINITY,
) {
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start >= bytes.length && bytes.length > 0) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const end = /^bytes=\d+-(\d+)$/.exec(request.headers.range ?? "")?.[1];
  const body = bytes.subarray(start, end === undefined ? undefined : Number(end) + 1);
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    "content-length": body.length,
    ...(request.headers.range !== undefined && {
      "content-range": `bytes ${start}-${start + body.length - 1}/${bytes.length}`,
    }),
    etag: '"1"',
  });
  if (body.length <= most) response.end(body);
  else response.write(body.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
}
