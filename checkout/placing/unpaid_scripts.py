"""The scripts that count unpaid orders in Redis, together with what is read or taken out of the basket on the way.

A holder's hash has an entry for each basket that was ordered, or is being ordered: `time:pieces:number`.
"""

from checkout.cart.scripts import READ, TAKE_ORDERED

# KEYS: lines, basket, then one of each holder, then coupons. ARGV: as of READ; now in seconds, how long a request may
# take, how long an entry counts; then of each holder the most orders and the most pieces; then, where a part alone is
# to be ordered, its name and its shops. Returns the basket, its lines, the number of the holder that would have too
# much or 0, the other entries of that holder, and the codes of the basket's coupons.
READ_WITHIN_LIMITS = f"""
local function read(KEYS, ARGV) {READ} end
local basket, held, codes = unpack(read(KEYS, ARGV))
if basket == '' then return {{basket, held, 0, {{}}, codes}} end
local now, under_way, window = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local pieces, refused, others = 0, 0, {{}}
local holders = #KEYS - 1
local last = 2 * holders + 1
local part, shops = ARGV[last + 1], {{}}
local name = part or basket
for i = last + 2, #ARGV do shops[ARGV[i]] = true end
for i = 2, #held, 2 do
    local shop, quantity = string.match(held[i], '^(%d+):(%d+):')
    if not part or shops[shop] then pieces = pieces + tonumber(quantity) end
end
for i = 3, holders do
    local orders, sum, entries = 1, pieces, {{}}
    local found = redis.call('HGETALL', KEYS[i])
    for j = 1, #found, 2 do
        local at, count, number = string.match(found[j + 1], '^(%d+):(%d+):(.*)$')
        local age = now - tonumber(at)
        local is_replaced = part and found[j] == basket and number == ''
        if is_replaced or age >= window or (number == '' and age >= under_way) then
            redis.call('HDEL', KEYS[i], found[j])
        elseif found[j] ~= name then
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
    for i = 3, holders do
        redis.call('HSETNX', KEYS[i], name, now .. ':' .. pieces .. ':')
        redis.call('EXPIRE', KEYS[i], window)
    end
end
return {{basket, held, refused, others, codes}}
"""

# KEYS: of each holder. ARGV: the basket. An entry that has its order stays.
FORGET = """
for i = 1, #KEYS do
    local entry = redis.call('HGET', KEYS[i], ARGV[1])
    if entry and string.sub(entry, -1) == ':' then redis.call('HDEL', KEYS[i], ARGV[1]) end
end
"""

# KEYS: lines, basket, then one of each holder. ARGV: as of TAKE_ORDERED, with the entry's name and the entry before the
# variants.
TAKE_AND_NUMBER = f"""
for i = 3, #KEYS do
    if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('HSET', KEYS[i], ARGV[4], ARGV[5]) end
end
local function take(KEYS, ARGV) {TAKE_ORDERED} end
local args = {{ARGV[1], ARGV[2], ARGV[3]}}
for i = 6, #ARGV do table.insert(args, ARGV[i]) end
return take(KEYS, args)
"""
