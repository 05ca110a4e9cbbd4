"""Redis scripts that read and change carts, each in one atomic step.

A cart is the hash of its lines, each stored as `shop:quantity:price`, the id of the basket, and the set of its coupons'
codes. A basket begins with its first line and ends when it is emptied. What it holds in one currency is a part, with an
id of its own: the basket's, until an order takes that part's goods out; from then on the one that stands behind the
basket's, as `basket|NGN=another`. Whatever is put in or changed in between, at most one order is placed of a part
(docs/adr/0021, docs/adr/0039).
"""

# KEYS: lines, basket, coupons. ARGV: variant, shop, quantity, price, whether it is added to what is held, the most that
# may be held of it, the most lines, seconds to live, the id of a new basket.
PUT = """
local field, shop, quantity, price = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local held = redis.call('HGET', KEYS[1], field)
if held and ARGV[5] == '1' then
    quantity = quantity + tonumber(string.match(held, '^%d+:(%d+):'))
end
if quantity > tonumber(ARGV[6]) then return {'over', quantity} end
if not held and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then return {'full', quantity} end
redis.call('HSET', KEYS[1], field, shop .. ':' .. quantity .. ':' .. price)
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('SET', KEYS[2], ARGV[9], 'EX', ARGV[8], 'NX')
redis.call('EXPIRE', KEYS[2], ARGV[8])
return {'put', quantity, redis.call('HGETALL', KEYS[1]), redis.call('SMEMBERS', KEYS[3])}
"""

# KEYS: lines, basket, coupons. ARGV: the most lines, seconds to live, the id of a new basket, how many variants are
# taken out, those variants, then variants and their values by turns. Nothing is done where the cart would be too full.
SET = """
local first, added, removed = 5 + ARGV[4], 0, 0
for i = 5, first - 1 do removed = removed + redis.call('HEXISTS', KEYS[1], ARGV[i]) end
for i = first, #ARGV, 2 do added = added + 1 - redis.call('HEXISTS', KEYS[1], ARGV[i]) end
if added > 0 and redis.call('HLEN', KEYS[1]) + added - removed > tonumber(ARGV[1]) then return false end
for i = 5, first - 1 do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = first, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('DEL', KEYS[2])
    return {{}, redis.call('SMEMBERS', KEYS[3])}
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2], 'NX')
redis.call('EXPIRE', KEYS[2], ARGV[2])
return {redis.call('HGETALL', KEYS[1]), redis.call('SMEMBERS', KEYS[3])}
"""

# KEYS: lines, basket, and as the last one coupons. ARGV: seconds to live, the id of a new basket, for lines that were
# put in before there were ids.
READ = """
local held = redis.call('HGETALL', KEYS[1])
local codes = redis.call('SMEMBERS', KEYS[#KEYS])
redis.call('EXPIRE', KEYS[#KEYS], ARGV[1])
if #held == 0 then return {'', held, codes} end
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[1], 'NX')
redis.call('EXPIRE', KEYS[2], ARGV[1])
return {redis.call('GET', KEYS[2]), held, codes}
"""

# KEYS: lines, basket. ARGV: variants.
REMOVE = """
redis.call('HDEL', KEYS[1], unpack(ARGV))
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
"""

# KEYS: lines, basket. ARGV: the part that was ordered, as `id:currency`, the id of the next one, seconds to live, then
# variants and quantities by turns. Does nothing where the part is another one by now, so its effect is had once.
TAKE_ORDERED = """
local ordered, currency = string.match(ARGV[1], '^(.*):(%u+)$')
local basket = redis.call('GET', KEYS[2]) or ''
local renewed = '|' .. currency .. '=([^|]+)'
if (string.match(basket, renewed) or string.match(basket, '^[^|]*')) ~= ordered then return 0 end
for i = 4, #ARGV, 2 do
    local held = redis.call('HGET', KEYS[1], ARGV[i])
    if held then
        local shop, quantity, price = string.match(held, '^(%d+):(%d+):(%d+)$')
        local left = quantity - ARGV[i + 1]
        if left > 0 then
            redis.call('HSET', KEYS[1], ARGV[i], shop .. ':' .. left .. ':' .. price)
        else
            redis.call('HDEL', KEYS[1], ARGV[i])
        end
    end
end
if redis.call('EXISTS', KEYS[1]) == 1 then
    local rest = string.gsub(basket, renewed, '')
    redis.call('SET', KEYS[2], rest .. '|' .. currency .. '=' .. ARGV[2], 'EX', ARGV[3])
else
    redis.call('DEL', KEYS[2])
end
return 1
"""

# KEYS: lines and basket of the source, then of the target, then the coupons of both. ARGV: the most lines, the most of
# each, seconds to live, the id of a new basket. What finds no room stays in the source. A target without lines goes on
# as the source's basket: an order of it that is being placed stays the only one.
MERGE = """
local fields = redis.call('HKEYS', KEYS[1])
table.sort(fields)
if #fields > 0 and redis.call('EXISTS', KEYS[3]) == 0 and redis.call('EXISTS', KEYS[2]) == 1 then
    redis.call('SET', KEYS[4], redis.call('GET', KEYS[2]), 'EX', ARGV[3])
end
local left = {}
for _, field in ipairs(fields) do
    local shop, quantity, price = string.match(redis.call('HGET', KEYS[1], field), '^(%d+):(%d+):(%d+)$')
    local held, wanted = redis.call('HGET', KEYS[3], field), tonumber(quantity)
    if held then wanted = wanted + tonumber(string.match(held, '^%d+:(%d+):')) end
    local put = math.min(wanted, tonumber(ARGV[2]))
    if not held and redis.call('HLEN', KEYS[3]) >= tonumber(ARGV[1]) then put = 0 end
    if put > 0 then redis.call('HSET', KEYS[3], field, shop .. ':' .. put .. ':' .. price) end
    if put < wanted then
        redis.call('HSET', KEYS[1], field, shop .. ':' .. (wanted - put) .. ':' .. price)
        table.insert(left, field)
        table.insert(left, wanted - put)
    else
        redis.call('HDEL', KEYS[1], field)
    end
end
redis.call('SUNIONSTORE', KEYS[6], KEYS[5], KEYS[6])
redis.call('DEL', KEYS[5])
for number = 3, 6 do redis.call('EXPIRE', KEYS[number], ARGV[3]) end
if #left > 0 then redis.call('SET', KEYS[2], ARGV[4], 'EX', ARGV[3]) else redis.call('DEL', KEYS[2]) end
return left
"""

# KEYS: lines, basket. ARGV: seconds to live. A basket that is only looked at from the header is in use all the same.
COUNT = """
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return redis.call('HVALS', KEYS[1])
"""

# KEYS: coupons. ARGV: the code, the most codes, seconds to live. Returns 0 where there is no room.
ADD_CODE = """
local is_new = redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0
if is_new and redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
