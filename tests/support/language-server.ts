import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The language server of Astro's editor extension, at work in a folder, as an editor asks it. */
export interface LanguageServer {
  request<T>(method: string, params: unknown): Promise<T>;
  notify(method: string, params: unknown): void;
  close(): void;
}

/** Starts the server with help for content switched on, as .vscode/settings.json does, and waits until it is ready. */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const program = resolve("node_modules/@astrojs/language-server/bin/nodeServer.js");
  const child = spawn(process.execPath, [program, "--stdio"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<number, (message: Message) => void>();
  let rest = Buffer.alloc(0);
  child.stdout.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let message = take(); message; message = take()) {
      if (message.method === undefined) waiting.get(message.id!)?.(message);
      // It asks for settings and registers what it watches: nothing is set.
      else if (message.id !== undefined) send({ id: message.id, result: null });
    }
  });

  /** The first whole message of what has come. */
  function take(): Message | undefined {
    const head = rest.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(rest.subarray(0, Math.max(head, 0)).toString())?.[1]);
    if (head < 0 || rest.length < head + 4 + length) return undefined;
    const message = JSON.parse(rest.subarray(head + 4, head + 4 + length).toString()) as Message;
    rest = rest.subarray(head + 4 + length);
    return message;
  }
  function send(message: object) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
  let last = 0;
  const server: LanguageServer = {
    request: <T>(method: string, params: unknown) =>
      new Promise<T>((done, fail) => {
        const id = ++last;
        waiting.set(id, ({ result, error }) => (error ? fail(new Error(error.message)) : done(result as T)));
        send({ id, method, params });
      }),
    notify: (method, params) => send({ method, params }),
    close: () => child.kill(),
  };
  await server.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "soundings" }],
    capabilities: { textDocument: { diagnostic: {}, hover: { contentFormat: ["markdown"] } } },
    initializationOptions: {
      typescript: { tsdk: join(resolve("node_modules/typescript"), "lib") },
      contentIntellisense: true,
    },
  });
  server.notify("initialized", {});
  return server;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}
