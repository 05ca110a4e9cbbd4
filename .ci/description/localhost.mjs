// Resolves names below localhost as browsers do (RFC 6761, section 6.3); node asks the system, which may not know them.
import dns from "node:dns";

const lookup = dns.lookup;
dns.lookup = (host, ...rest) => lookup(host.endsWith(".localhost") ? "127.0.0.1" : host, ...rest);
