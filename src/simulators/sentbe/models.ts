/** Sentbe's models by their ids, each in the corridor in which it was made. */
import type { Instant } from '../../core/clock.ts';
import { koreaIso } from '../korea-time.ts';
import { SentbeRefusal } from './envelope.ts';

export type Corridor = 'inbound' | 'outbound';

interface Model {
  readonly id: number;
  readonly corridor: Corridor;
}

export interface Models<M extends Model> {
  add(made: Omit<M, 'id'>): M;
  replace(model: M): void;
  find(id: number): M | undefined;
  /** @throws SentbeRefusal E0002 */
  get(corridor: Corridor, id: number): M;
  /** Oldest first. */
  of(corridor: Corridor): readonly M[];
}

/** The models of each kind are counted from somewhere else, so that an id in the wrong place is found nowhere. */
export function createModels<M extends Model>(name: string, firstId: number, maxModels = 50_000): Models<M> {
  const models = new Map<number, M>();
  let lastId = firstId - 1;

  return {
    add(made) {
      lastId += 1;
      const model = { ...made, id: lastId } as M;
      models.set(lastId, model);
      models.delete(lastId - maxModels);
      return model;
    },
    replace(model) {
      models.set(model.id, model);
    },
    find: (id) => models.get(id),
    get(corridor, id) {
      const model = models.get(id);
      if (model?.corridor !== corridor) throw new SentbeRefusal('E0002', `${name} ${id}`);
      return model;
    },
    of: (corridor) => [...models.values()].filter((model) => model.corridor === corridor),
  };
}

/** `2018-06-14T10:29:20.000+09:00`: seconds, with milliseconds that every sample has at 0. */
export const createdAtOf = (at: Instant): string => `${koreaIso(at - (at % 1000))}+09:00`;
