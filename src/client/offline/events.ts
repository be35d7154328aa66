/** The parts of a service worker's surroundings that we use; TypeScript's library for them excludes that of pages. */
export interface LifeEvent extends Event {
  /** Keeps the worker alive until this is settled. */
  waitUntil(work: Promise<unknown>): void;
}

export interface RequestEvent extends LifeEvent {
  readonly request: Request;
  /** The page that asks. */
  readonly clientId: string;
  /** The page that a navigation leads to. */
  readonly resultingClientId: string;
  respondWith(response: Promise<Response>): void;
}

export interface NoteEvent extends LifeEvent {
  readonly data: unknown;
}

interface WorkerEvents {
  readonly install: LifeEvent;
  readonly activate: LifeEvent;
  readonly fetch: RequestEvent;
  readonly message: NoteEvent;
}

/** A service worker, seen from within. */
export interface Surroundings {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    get(id: string): Promise<{ postMessage(note: unknown): void } | undefined>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof WorkerEvents>(name: K, hear: (event: WorkerEvents[K]) => void): void;
}
