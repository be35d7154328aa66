import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelError } from "../../pipeline/models/errors.ts";
import { download } from "../../pipeline/models/http.ts";
import { type FileServer, sendBytes, serve } from "../support/file-server.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251);
let folder: string;
let part: string;
let server: FileServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "soundings-"));
  part = join(folder, "w.part");
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const got = () => readFileSync(part);

test("a download goes on from what is there", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes));
  writeFileSync(part, bytes.subarray(0, 1000));
  const seen: number[] = [];
  await download(`${server.url}/w`, part, { onProgress: (done, total) => seen.push(done, total ?? 0) });
  expect(got().equals(bytes)).toBe(true);
  expect(server.requests).toEqual(["GET /w bytes=1000-"]);
  expect(seen.slice(-2)).toEqual([300_000, 300_000]);
});

test("a whole part is not got again", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes));
  writeFileSync(part, bytes);
  await download(`${server.url}/w`, part);
  expect(got().equals(bytes)).toBe(true);
});

test("a connection that breaks is taken up where it broke", async () => {
  let answers = 0;
  server = await serve((request, response) =>
    sendBytes(request, response, bytes, answers++ === 0 ? 100_000 : undefined),
  );
  await download(`${server.url}/w`, part);
  expect(got().equals(bytes)).toBe(true);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[1]).toMatch(/bytes=[1-9]\d*-$/);
});

test("one that breaks every time is an error, and what came stays", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes, 50_000));
  await expect(download(`${server.url}/w`, part)).rejects.toThrow(ModelError);
  expect(server.requests).toHaveLength(3);
  expect(got().length).toBeGreaterThan(50_000);
  expect(got().equals(bytes.subarray(0, got().length))).toBe(true);
});

test("a server without ranges starts over", async () => {
  server = await serve((_, response) => response.end(bytes));
  writeFileSync(part, "something else");
  await download(`${server.url}/w`, part);
  expect(got().equals(bytes)).toBe(true);
});

test("a part that is longer than the file is thrown away", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes));
  writeFileSync(part, new Uint8Array(400_000));
  await download(`${server.url}/w`, part);
  expect(got().equals(bytes)).toBe(true);
});

test("a server that says no, says nothing, or isn't there is one error with its name", async () => {
  server = await serve((request, response) => {
    if (request.url === "/missing") response.writeHead(404, "Not Found").end();
    else if (request.url === "/stalls") response.writeHead(200, { "content-length": 10 }).write("abc");
  });
  const { host } = new URL(server.url);
  await expect(download(`${server.url}/missing`, part)).rejects.toThrow(`${host} answered 404 Not Found`);
  await expect(download(`${server.url}/silent`, part, { patience: 150 })).rejects.toThrow(
    `${host} did not answer in 0.15 s`,
  );
  await expect(download(`${server.url}/stalls`, part, { patience: 150 })).rejects.toThrow("no data for 0.15 s");
  await server.close();
  await expect(download(`${server.url}/w`, part)).rejects.toThrow(`${host} cannot be reached (ECONNREFUSED)`);
  server = undefined;
});

test("cancelling ends it at once", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes, 1000));
  const cancel = new AbortController();
  cancel.abort(new ModelError("interrupted"));
  await expect(download(`${server.url}/w`, part, { signal: cancel.signal })).rejects.toThrow("interrupted");
});

test.runIf(existsSync("/dev/full"))("a full disk comes as the system's error", async () => {
  server = await serve((request, response) => sendBytes(request, response, bytes));
  symlinkSync("/dev/full", part);
  await expect(download(`${server.url}/w`, part)).rejects.toMatchObject({ code: "ENOSPC" });
});
