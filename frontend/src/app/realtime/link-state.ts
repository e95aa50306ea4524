import { Endpoint } from './replica';

/** `idle` before sign-in and after sign-out; `offline` while trying without a network. */
export type LinkPhase = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline';

export interface LinkState {
  readonly phase: LinkPhase;
  /** Connected to this replica, or trying it now. */
  readonly replica: Endpoint | null;
  /** How data travels, once connected: "WebSockets", "Server-sent events", "Long polling". */
  readonly transport: string | null;
  /** When this phase began, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * What connects the replicas: `log` loses nothing; `lossy` passes on what it can; `none` nothing, so that each replica reaches only those who are
 * connected to it.
 */
export type BackplaneKind = 'log' | 'lossy' | 'none';

/** A connection that was lost and is there again. */
export interface Recovery {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** From the loss to the new connection, in milliseconds. */
  readonly took: number;
  /** When it was over, in milliseconds since 1970. */
  readonly at: number;
  /** Whether the person asked for it. */
  readonly asked: boolean;
  /** How many messages had been missed and were fetched; null while that is not known yet. */
  readonly missed: number | null;
}

/** A line in the connection panel. */
export interface LinkEvent {
  readonly at: number;
  readonly text: string;
}
