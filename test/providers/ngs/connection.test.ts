import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { openAccount, SMS } from './account.ts';

// The real sockets, looked at: nothing on the wire tells a small packet that waited for an ACK of TCP from one that did not.
vi.mock('node:net', async (original) => {
  const net = await original<typeof import('node:net')>();
  return { ...net, connect: vi.fn(net.connect) };
});

const dialled = vi.mocked(connect);

describe.each([
  { mode: 'plain', encrypted: false },
  { mode: 'encrypted', encrypted: true },
])('a connection to NGS in $mode mode', ({ encrypted }) => {
  it('asks for no delay on all three connections of a login', async () => {
    dialled.mockClear();
    const account = await openAccount({ encrypted });
    await account.bound();
    expect(dialled.mock.calls.map(([options]) => options)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ host: '127.0.0.1', noDelay: true })),
    );
  });

  it('hands the packets of a turn to the socket in one write', async () => {
    dialled.mockClear();
    const account = await openAccount({ encrypted });
    await account.bound();
    const sockets = dialled.mock.results.map(({ value }) => value as Socket);
    const writes = sockets.map((socket) => vi.spyOn(socket, 'write'));
    const answers = await Promise.all(Array.from({ length: 10 }, () => account.send(SMS)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(10).fill('ACCEPTED'));
    expect(writes.map(({ mock }) => mock.calls.length).sort()).toEqual([0, 0, 1]);
    expect(account.peer.all('DELIVER')).toHaveLength(10);
  });
});
