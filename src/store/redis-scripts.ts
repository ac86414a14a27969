/**
 * Every step on Redis that must be whole, in Lua. KEYS[1] is the prefix of all keys, with the hash tag that keeps
 * them on one slot. Lua prints numbers with 14 digits and its cjson too, so numbers travel as text.
 *
 *   <prefix>:record:<key>    hash    v version, d sealed value         <prefix>:counter:<name>  string
 *   <prefix>:index:<name>    zset    score sort, member key            <prefix>:lease:<name>    hash  owner, token
 *   <prefix>:log:<name>      stream  id <position>-0, d sealed entry   <prefix>:token:<name>    string, newest token
 *   <prefix>:head:<name>     string  newest position                   <prefix>:rest:<name>     string, while it rests
 *   <prefix>:op:<id>         string  answer given
 */

export interface RedisScript {
  readonly source: string;
  /** A script that writes takes an operation id as ARGV[1], and answers a repeated id as it did the first time. */
  readonly writes: boolean;
}

/** Longer than any repetition of ours can come late. */
const REMEMBERED_MS = 60_000;
const BARRIER_MS = 24 * 3_600_000;

/** `body` returns its answer as text, and whether it changed anything. */
function writing(body: string): RedisScript {
  const source = `
local prefix = KEYS[1]
local operation = prefix .. ':op:' .. ARGV[1]
local function text(number) return string.format('%.0f', number) end
local function run() ${body} end
local answer = redis.call('GET', operation)
if answer then
  -- A write, so that a WAIT behind this repetition covers what the first run wrote.
  redis.call('PEXPIRE', operation, ${REMEMBERED_MS})
  return answer
end
local changed
answer, changed = run()
if changed then redis.call('SET', operation, answer, 'PX', ${REMEMBERED_MS}) end
return answer`;
  return { source, writes: true };
}

function reading(body: string): RedisScript {
  return { source: `local prefix = KEYS[1]\n${body}`, writes: false };
}

/** ARGV: id, plan as JSON, then the sealed values of `put` and of `append`. */
export const writeScript = writing(`
  local plan = cjson.decode(ARGV[2])
  local conflicts = {}
  for at, expected in ipairs(plan.expect) do
    local version = redis.call('HGET', prefix .. ':record:' .. expected[1], 'v') or '0'
    if version ~= expected[2] then conflicts[#conflicts + 1] = at - 1 end
  end
  if plan.fence and redis.call('GET', prefix .. ':token:' .. plan.fence[1]) ~= plan.fence[2] then
    conflicts[#conflicts + 1] = #plan.expect
  end
  if #conflicts > 0 then return '{"conflicts":[' .. table.concat(conflicts, ',') .. ']}', false end

  local value = 2
  for _, put in ipairs(plan.put) do
    value = value + 1
    local key = prefix .. ':record:' .. put[1]
    redis.call('HINCRBY', key, 'v', 1)
    redis.call('HSET', key, 'd', ARGV[value])
    if put[2] then redis.call('PEXPIRE', key, put[2]) else redis.call('PERSIST', key) end
  end
  for _, key in ipairs(plan.remove) do redis.call('DEL', prefix .. ':record:' .. key) end

  local positions, told = {}, {}
  for at, log in ipairs(plan.append) do
    local position = text(redis.call('INCR', prefix .. ':head:' .. log))
    redis.call('XADD', prefix .. ':log:' .. log, position .. '-0', 'd', ARGV[value + at])
    positions[at] = position
    if not told[log] then
      told[log] = true
      -- Only a hint: a user who may not publish must not lose half a batch over it.
      redis.pcall('PUBLISH', prefix .. ':appended', log)
    end
  end
  for _, change in ipairs(plan.index) do
    local key, kind, member = prefix .. ':index:' .. change[1], change[2], change[3]
    if kind == 'remove' then redis.call('ZREM', key, member)
    elseif kind == 'sort' then redis.call('ZADD', key, change[4], member)
    else redis.call('ZADD', key, positions[tonumber(change[4])], member) end
  end
  return '{"positions":[' .. table.concat(positions, ',') .. ']}', true`);

/** ARGV: id, index, now, limit, sort to move to, and the lease and token of a fence ('' and '' for none). */
export const claimDueScript = writing(`
  if ARGV[6] ~= '' and redis.call('GET', prefix .. ':token:' .. ARGV[6]) ~= ARGV[7] then return '[]', false end
  local key = prefix .. ':index:' .. ARGV[2]
  local due = redis.call('ZRANGE', key, '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[4])
  if #due == 0 then return '[]', false end
  for _, member in ipairs(due) do redis.call('ZADD', key, ARGV[5], member) end
  return cjson.encode(due), true`);

/** ARGV: id, log, last position to drop. */
export const trimLogScript = writing(`
  local head = tonumber(redis.call('GET', prefix .. ':head:' .. ARGV[2]) or '0')
  local least = math.min(tonumber(ARGV[3]), head) + 1
  local dropped = redis.call('XTRIM', prefix .. ':log:' .. ARGV[2], 'MINID', '=', text(least))
  return text(dropped), dropped > 0`);

/** ARGV: id, counter, amount, max or '', ttlMs or ''. */
export const addScript = writing(`
  local key = prefix .. ':counter:' .. ARGV[2]
  local present = redis.call('GET', key)
  local value, amount = tonumber(present or '0'), tonumber(ARGV[3])
  if amount > 0 and ARGV[4] ~= '' and value + amount > tonumber(ARGV[4]) then
    return '{"added":false,"value":' .. text(value) .. '}', false
  end
  -- Asking how it stands must not leave a counter behind that never lapses.
  if amount == 0 then return '{"added":true,"value":' .. text(value) .. '}', false end
  value = redis.call('INCRBY', key, ARGV[3])
  if not present and ARGV[5] ~= '' then redis.call('PEXPIRE', key, ARGV[5]) end
  return '{"added":true,"value":' .. text(value) .. '}', true`);

/** The rest outlives the lease, and so begins when it lapses. */
const LEASE_RESTS = `
  local function rest_behind(ttl_ms, rest_ms)
    if tonumber(rest_ms) > 0 then
      redis.call('SET', prefix .. ':rest:' .. ARGV[2], '', 'PX', text(tonumber(ttl_ms) + tonumber(rest_ms)))
    end
  end`;

/** ARGV: id, lease, owner, ttlMs, restMs. Redis counts the time down: no gateway's clock takes part. */
export const acquireLeaseScript = writing(`${LEASE_RESTS}
  local key = prefix .. ':lease:' .. ARGV[2]
  local owner = redis.call('HGET', key, 'owner')
  if owner and owner ~= ARGV[3] then return 'null', false end
  if not owner and redis.call('EXISTS', prefix .. ':rest:' .. ARGV[2]) == 1 then return 'null', false end
  local token = text(redis.call('INCR', prefix .. ':token:' .. ARGV[2]))
  redis.call('HSET', key, 'owner', ARGV[3], 'token', token, 'rest', ARGV[5])
  redis.call('PEXPIRE', key, ARGV[4])
  rest_behind(ARGV[4], ARGV[5])
  return token, true`);

const HOLDS_LEASE = `${LEASE_RESTS}
  local key = prefix .. ':lease:' .. ARGV[2]
  local held = redis.call('HMGET', key, 'owner', 'token', 'rest')
  if held[1] ~= ARGV[3] or held[2] ~= ARGV[4] then return 'false', false end`;

/** ARGV: id, lease, owner, token, ttlMs. */
export const renewLeaseScript = writing(`${HOLDS_LEASE}
  redis.call('PEXPIRE', key, ARGV[5])
  rest_behind(ARGV[5], held[3])
  return 'true', true`);

/** ARGV: id, lease, owner, token. */
export const releaseLeaseScript = writing(`${HOLDS_LEASE}
  redis.call('DEL', key)
  rest_behind('0', held[3])
  return 'true', true`);

/** ARGV: id. Writes for the sake of a WAIT behind it; needs no memory once it has run, so that a full Redis allows it. */
export const barrierScript: RedisScript = {
  source: `
local barrier = KEYS[1] .. ':barrier'
if redis.call('PEXPIRE', barrier, ${BARRIER_MS}) == 0 then redis.call('SET', barrier, '', 'PX', ${BARRIER_MS}) end
return ''`,
  writes: true,
};

/** ARGV: keys. Answers version and sealed value of each, in their order. */
export const recordsScript = reading(`
local found = {}
for at, key in ipairs(ARGV) do found[at] = redis.call('HMGET', prefix .. ':record:' .. key, 'v', 'd') end
return found`);

/** ARGV: log, after, limit. */
export const readLogScript = reading(`
local log = prefix .. ':log:' .. ARGV[1]
local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local entries = redis.call('XRANGE', log, '(' .. ARGV[2] .. '-0', '+', 'COUNT', ARGV[3])
return { redis.call('GET', prefix .. ':head:' .. ARGV[1]) or '0', oldest and oldest[1] or '', entries }`);

/**
 * ARGV: index, from, to, limit, 'forward' or 'reverse', and behind which sort and key ('' and '' for none).
 * Finds the ranks of the bounds, in a logarithm of the index's size however many entries share a sort.
 */
export const rangeScript = reading(`
local key, limit, forward = prefix .. ':index:' .. ARGV[1], tonumber(ARGV[4]), ARGV[5] == 'forward'
local first = redis.call('ZCOUNT', key, '-inf', '(' .. ARGV[2])
local last = redis.call('ZCOUNT', key, '-inf', ARGV[3]) - 1

-- By bytes, as Redis orders members; Lua's own < follows the server's locale.
local function precedes(a, b)
  for at = 1, math.min(#a, #b) do
    local x, y = string.byte(a, at), string.byte(b, at)
    if x ~= y then return x < y end
  end
  return #a < #b
end

if ARGV[6] ~= '' then
  local low = redis.call('ZCOUNT', key, '-inf', '(' .. ARGV[6])
  local high = redis.call('ZCOUNT', key, '-inf', ARGV[6])
  while low < high do
    local middle = math.floor((low + high) / 2)
    local member = redis.call('ZRANGE', key, middle, middle)[1]
    local passed
    if forward then passed = not precedes(ARGV[7], member) else passed = precedes(member, ARGV[7]) end
    if passed then low = middle + 1 else high = middle end
  end
  if forward then first = math.max(first, low) else last = math.min(last, low - 1) end
end
if first > last then return {} end
if forward then return redis.call('ZRANGE', key, first, math.min(last, first + limit - 1), 'WITHSCORES') end
local size = redis.call('ZCARD', key)
return redis.call('ZRANGE', key, size - 1 - last, size - 1 - math.max(first, last - limit + 1), 'REV', 'WITHSCORES')`);
