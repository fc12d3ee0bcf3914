// What the vendor was asked for, as far as somebody waits for the answer.

const WAITS_FOR_NOBODY = "Compare";

/** @param customer as of api.get @returns its request that is under way or has failed, or null */
export function open_request({ request }) {
	return request && request.status !== "Done" && request.action !== WAITS_FOR_NOBODY ? request : null;
}

export function has_failed(customer) {
	return open_request(customer)?.status === "Failed";
}

export function is_asked(customer) {
	return open_request(customer)?.status === "Waiting";
}
