import { Message } from '../realtime/chat-hub.contract';

/** Of the messages that wait beyond a hole, the newest this many are kept; the others come with what fills the hole. */
const MOST_AHEAD = 200;

/**
 * The part of a room's conversation that is in memory: a run of messages without a hole, and what is known about its ends. All changes
 * are pure functions here, and every one keeps the run ordered by `seq`, without repeats and without holes.
 */
export interface Timeline {
  readonly messages: readonly Message[];
  /** Live messages that do not follow the run yet, ordered. They join it when what lies between has been fetched. */
  readonly ahead: readonly Message[];
  /** Whether there are messages before the run. */
  readonly hasOlder: boolean;
  /** Whether the run stops before the newest message, because the reader is far up or too much was missed. */
  readonly hasNewer: boolean;
}

/** A page as the server gives it, oldest first. */
export interface Page {
  readonly messages: readonly Message[];
  /** Whether more lie in the direction that was asked for. */
  readonly hasMore: boolean;
}

export const EMPTY: Timeline = { messages: [], ahead: [], hasOlder: false, hasNewer: false };

export function lastOf(timeline: Timeline): Message | null {
  return timeline.messages.at(-1) ?? null;
}

/** Starts again from the newest page. Live messages that came meanwhile stay. */
export function startFrom(timeline: Timeline, page: Page): Timeline {
  const live = timeline.hasNewer ? timeline.ahead : [...timeline.messages, ...timeline.ahead];
  const start: Timeline = { messages: run(page.messages), ahead: [], hasOlder: page.hasMore, hasNewer: false };
  return live.reduce(receive, start);
}

/** Puts a page of earlier messages before the run. */
export function addOlder(timeline: Timeline, page: Page): Timeline {
  const first = timeline.messages[0];
  const older = first ? page.messages.filter((message) => message.seq < first.seq) : page.messages;
  return { ...timeline, messages: [...run(older), ...timeline.messages], hasOlder: page.hasMore };
}

/** Puts a page of later messages after the run. */
export function addNewer(timeline: Timeline, page: Page): Timeline {
  const longer = page.messages.reduce(receive, { ...timeline, hasNewer: false });
  return { ...longer, hasNewer: page.hasMore };
}

/** Takes one live message. What is there already changes nothing; what lies beyond a hole waits in `ahead`. */
export function receive(timeline: Timeline, message: Message): Timeline {
  const last = lastOf(timeline);
  const next = last ? last.seq + 1 : 1;
  if (message.seq < next) return timeline;
  if (message.seq === next && !timeline.hasNewer) {
    return absorb({ ...timeline, messages: [...timeline.messages, message] });
  }
  if (timeline.ahead.some((waiting) => waiting.seq === message.seq)) return timeline;
  const ahead = [...timeline.ahead, message].sort((a, b) => a.seq - b.seq);
  return { ...timeline, ahead: ahead.slice(-MOST_AHEAD) };
}

/** Whether something is known to be missing where the reader expects the newest messages. */
export function hasHole(timeline: Timeline): boolean {
  return !timeline.hasNewer && timeline.ahead.length > 0;
}

/** Keeps the last `most` messages; what is dropped can be fetched again. */
export function keepNewest(timeline: Timeline, most: number): Timeline {
  if (timeline.messages.length <= most) return timeline;
  return { ...timeline, messages: timeline.messages.slice(-most), hasOlder: true };
}

/** Keeps the first `most` messages; what is dropped can be fetched again. */
export function keepOldest(timeline: Timeline, most: number): Timeline {
  if (timeline.messages.length <= most) return timeline;
  return { ...timeline, messages: timeline.messages.slice(0, most), hasNewer: true };
}

/** The reader stays where they are although more came than was fetched. */
export function leaveOffHere(timeline: Timeline): Timeline {
  return { ...timeline, hasNewer: true };
}

/**
 * The first message of somebody else after number `readSeq`, or null when there is none in the run, or when earlier ones may be before
 * the run: then it is not known which is the first.
 */
export function firstUnread(timeline: Timeline, me: string, readSeq: number): Message | null {
  const [first] = timeline.messages;
  if (!first || (timeline.hasOlder && first.seq > readSeq + 1)) return null;
  return timeline.messages.find((message) => message.seq > readSeq && message.userId !== me) ?? null;
}

/** Moves what has become contiguous from `ahead` to the run, and forgets what the run has overtaken. */
function absorb(timeline: Timeline): Timeline {
  const messages = [...timeline.messages];
  const ahead: Message[] = [];
  for (const message of timeline.ahead) {
    const next = messages.at(-1)!.seq + 1;
    if (message.seq === next) messages.push(message);
    else if (message.seq > next) ahead.push(message);
  }
  return { ...timeline, messages, ahead };
}

/** Orders by `seq` and drops repeats: a page is expected to be so already, but nothing may depend on it. */
function run(messages: readonly Message[]): readonly Message[] {
  const sorted = [...messages].sort((a, b) => a.seq - b.seq);
  return sorted.filter((message, index) => message.seq !== sorted[index - 1]?.seq);
}
