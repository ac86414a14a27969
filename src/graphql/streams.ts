/** What every stream says besides its events. Unions of plain objects: an Error that is yielded would be no member. */
import type { StreamItem } from '../core/events/follow.ts';
import { builder } from './builder.ts';

type Said<Type extends StreamItem<unknown>['type']> = Extract<StreamItem<unknown>, { type: Type }>;

export const StreamCaughtUpType = builder.objectRef<Said<'CAUGHT_UP'>>('StreamCaughtUp').implement({
  description:
    'Every stream says it once: at once where there is nothing to replay, so that a reader has a cursor before the first event.',
  fields: (t) => ({ cursor: t.exposeString('cursor'), replayed: t.exposeInt('replayed') }),
});

export const StreamGapType = builder.objectRef<Said<'GAP'>>('StreamGap').implement({
  description: 'Part of the history between the two cursors is gone. reason: RETENTION, DATA_REPLACED.',
  fields: (t) => ({
    fromCursor: t.exposeString('fromCursor'),
    toCursor: t.exposeString('toCursor'),
    reason: t.exposeString('reason'),
  }),
});

export const StreamEndedType = builder.objectRef<Said<'ENDED'>>('StreamEnded').implement({
  description:
    'The gateway ends the stream; resume from the cursor. reason: SHUTDOWN, SLOW_CONSUMER, CREDENTIAL_EXPIRED, or INVALID_CURSOR where `after` is no cursor of this stream.',
  fields: (t) => ({
    reason: t.exposeString('reason'),
    resumeAfter: t.exposeString('resumeAfter', { nullable: true }),
  }),
});

/** The names of the members that are not events, by what the item says. */
const saidBy = { CAUGHT_UP: 'StreamCaughtUp', GAP: 'StreamGap', ENDED: 'StreamEnded' } as const;

/** What a union of stream members resolves to: an event itself, or what the stream says besides. */
export const unwrap = <Event>(item: StreamItem<Event>): Event | Exclude<StreamItem<Event>, { type: 'EVENT' }> =>
  item.type === 'EVENT' ? item.event : item;

/** The member of an event union that a value is; `eventType` for the events themselves. */
export const memberOf =
  (eventType: string) =>
  (value: object): string =>
    'type' in value ? saidBy[(value as Exclude<StreamItem<unknown>, { type: 'EVENT' }>).type] : eventType;
