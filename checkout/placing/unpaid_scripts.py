"""The scripts that count unpaid orders in Redis, together with what is read or taken out of the basket on the way.

A holder's hash has an entry for each basket that was ordered, or is being ordered: `time:pieces:number`.
"""

from checkout.cart.scripts import READ, TAKE_ORDERED

# KEYS: lines, basket, then one of each holder. ARGV: as of READ; now in seconds, how long a request may take, how long
# an entry counts; then of each holder the most orders and the most pieces. Returns the basket, its lines, the number of
# the holder that would have too much or 0, and that holder's other entries.
READ_WITHIN_LIMITS = f"""
local function read(KEYS, ARGV) {READ} end
local basket, held = unpack(read(KEYS, ARGV))
if basket == '' then return {{basket, held, 0, {{}}}} end
local now, under_way, window = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local pieces, refused, others = 0, 0, {{}}
for i = 2, #held, 2 do pieces = pieces + tonumber(string.match(held[i], '^%d+:(%d+):')) end
for i = 3, #KEYS do
    local orders, sum, entries = 1, pieces, {{}}
    local found = redis.call('HGETALL', KEYS[i])
    for j = 1, #found, 2 do
        local at, count, number = string.match(found[j + 1], '^(%d+):(%d+):(.*)$')
        local age = now - tonumber(at)
        if age >= window or (number == '' and age >= under_way) then
            redis.call('HDEL', KEYS[i], found[j])
        elseif found[j] ~= basket then
            orders, sum = orders + 1, sum + tonumber(count)
            table.insert(entries, found[j])
            table.insert(entries, found[j + 1])
        end
    end
    if refused == 0 and (orders > tonumber(ARGV[2 * i]) or sum > tonumber(ARGV[2 * i + 1])) then
        refused, others = i - 2, entries
    end
end
if refused == 0 then
    for i = 3, #KEYS do
        redis.call('HSETNX', KEYS[i], basket, now .. ':' .. pieces .. ':')
        redis.call('EXPIRE', KEYS[i], window)
    end
end
return {{basket, held, refused, others}}
"""

# KEYS: of each holder. ARGV: the basket. An entry that has its order stays.
FORGET = """
for i = 1, #KEYS do
    local entry = redis.call('HGET', KEYS[i], ARGV[1])
    if entry and string.sub(entry, -1) == ':' then redis.call('HDEL', KEYS[i], ARGV[1]) end
end
"""

# KEYS: lines, basket, then one of each holder. ARGV: as of TAKE_ORDERED, with the entry before the variants.
TAKE_AND_NUMBER = f"""
for i = 3, #KEYS do
    if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('HSET', KEYS[i], ARGV[1], ARGV[4]) end
end
local function take(KEYS, ARGV) {TAKE_ORDERED} end
local args = {{ARGV[1], ARGV[2], ARGV[3]}}
for i = 5, #ARGV do table.insert(args, ARGV[i]) end
return take(KEYS, args)
"""
