"""Redis scripts of waiting rooms, each one atomic step.

A room is four keys: a hash with the last number that was given out (`last`), the number up to which people are let in
(`served`, with a fraction) and the moment that this was computed for (`at`, in milliseconds); a hash of the numbers by
owner; a sorted set of passes, owner by the moment at which the pass ends; a hash of how many numbers each network has.
"""

# KEYS: the room's four. ARGV: now, opens, in milliseconds, how many a minute, how long a pass lasts in milliseconds,
# the owner, the network, how many numbers a network may have, whether a number is given to an owner who has none,
# whether all is sold out, seconds to live. Returns the state, how many people are before the owner, and when
# a pass ends.
#
# People are let in at the room's rate, whether or not those before them are still there; unused turns gather for one
# second. While all is sold out no turns come up, and all places are kept.
ENTER = """
local now, opens, rate, lasts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) / 60000, tonumber(ARGV[4])
local owner, network, most, gives = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8] == '1'
local last = tonumber(redis.call('HGET', KEYS[1], 'last') or 0)
local served = tonumber(redis.call('HGET', KEYS[1], 'served') or 0)
local at = tonumber(redis.call('HGET', KEYS[1], 'at') or opens)
local is_out = ARGV[9] == '1'

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local pass = redis.call('ZSCORE', KEYS[3], owner)
if pass then return {'let_in', 0, tonumber(pass)} end

local number = tonumber(redis.call('HGET', KEYS[2], owner))
if not number and gives then
    local held = tonumber(redis.call('HGET', KEYS[4], network) or 0)
    if network ~= '' and held >= most then return {'crowded', 0, 0} end
    if network ~= '' then redis.call('HSET', KEYS[4], network, held + 1) end
    last = last + 1
    number = last
    redis.call('HSET', KEYS[2], owner, number)
end
if now > at then
    local room = math.max(served, last + rate * 1000)
    if not is_out then served = math.min(room, served + (now - at) * rate) end
    at = now
end

local state, before, ends = 'outside', math.max(0, last - (served - served % 1)), 0
if number and number <= served and now >= opens and not is_out then
    state, before, ends = 'let_in', 0, now + lasts
    redis.call('HDEL', KEYS[2], owner)
    redis.call('ZADD', KEYS[3], ends, owner)
elseif number then
    state, before = is_out and 'sold_out' or 'waiting', math.max(0, number - 1 - (served - served % 1))
end
redis.call('HSET', KEYS[1], 'last', last, 'served', string.format('%.4f', served), 'at', string.format('%.0f', at))
for i = 1, #KEYS do redis.call('EXPIRE', KEYS[i], ARGV[10]) end
return {state, before, ends}
"""

# KEYS: passes of each room. ARGV: now in milliseconds, the owner. Returns the rooms, by number, without a pass.
MISSING = """
local missing = {}
for i = 1, #KEYS do
    local ends = redis.call('ZSCORE', KEYS[i], ARGV[2])
    if not ends or tonumber(ends) <= tonumber(ARGV[1]) then table.insert(missing, i) end
end
return missing
"""

# KEYS: numbers and passes of a room. ARGV: the owner before, the owner since, who keeps the better place of the two.
MOVE = """
local number, pass = redis.call('HGET', KEYS[1], ARGV[1]), redis.call('ZSCORE', KEYS[2], ARGV[1])
local own = redis.call('HGET', KEYS[1], ARGV[2])
if number then
    redis.call('HDEL', KEYS[1], ARGV[1])
    if not own or tonumber(number) < tonumber(own) then redis.call('HSET', KEYS[1], ARGV[2], number) end
end
if pass then
    redis.call('ZREM', KEYS[2], ARGV[1])
    redis.call('ZADD', KEYS[2], 'GT', pass, ARGV[2])
end
return number or pass
"""
