"""A stateful Paystack look-alike in a process of its own: no real money, nothing imported from the market."""
