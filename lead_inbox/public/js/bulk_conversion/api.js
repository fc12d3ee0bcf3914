// The server's methods that the table uses, one function each.

import { read, write } from "../request";

export { until_refused } from "../request";

export const prepare = (leads) => write("bulk_conversion.prepare", { leads });
export const get_rows = (args) => read("bulk_conversion.get_rows", args);
export const change_rows = (bulk_conversion, values, chosen) =>
	write("bulk_conversion.change_rows", { bulk_conversion, values, ...chosen });
export const set_company = (bulk_conversion, company_key, mode, customer) =>
	write("bulk_conversion.set_company", { bulk_conversion, company_key, mode, customer });
export const start = (bulk_conversion) => write("bulk_conversion.start", { bulk_conversion });
export const retry = (bulk_conversion) => write("bulk_conversion.retry", { bulk_conversion });
export const stop = (bulk_conversion) => write("bulk_conversion.stop", { bulk_conversion });

export function csv_address(bulk_conversion) {
	const args = new URLSearchParams({ bulk_conversion });
	return `/api/method/lead_inbox.api.bulk_conversion.get_csv?${args}`;
}
