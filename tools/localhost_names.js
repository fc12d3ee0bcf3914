// Every name below .localhost is this machine (RFC 6761). Browsers know that; not every system's resolver does,
// and the realtime server asks the web server under the name that the browser used.
const dns = require("dns");
const lookup = dns.lookup;

dns.lookup = (hostname, ...rest) =>
	lookup(/\.localhost$/i.test(hostname) ? "127.0.0.1" : hostname, ...rest);
