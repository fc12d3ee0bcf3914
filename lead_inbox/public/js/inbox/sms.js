// How long a text is as SMS: networks send it in parts and charge for each.

export const SMS_LIMIT = 1600; // characters; gateways refuse more
// GSM 03.38: the alphabet of 7 bits, and the signs of its second table, which take two places.
const GSM =
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_TWO_PLACES = "^{}\\[~]|€\f";
// Places in a single SMS, and in each part of several, which also holds its number.
const GSM_ROOM = [160, 153];
const UNICODE_ROOM = [70, 67];

/** As the server counts. @returns {{characters: number, parts: number}} */
export function measure_sms(text) {
	const signs = [...text];
	const is_gsm = signs.every((sign) => GSM.includes(sign) || GSM_TWO_PLACES.includes(sign));
	const places = signs.map((sign) => (is_gsm ? 1 + GSM_TWO_PLACES.includes(sign) : sign.length));
	const [single, of_several] = is_gsm ? GSM_ROOM : UNICODE_ROOM;
	const is_single = places.reduce((sum, place) => sum + place, 0) <= single;
	return { characters: signs.length, parts: is_single ? 1 : count_parts(places, of_several) };
}

/** No sign is split between two parts. */
function count_parts(places, room) {
	let parts = 1;
	let used = 0;
	for (const place of places) {
		if (used + place > room) [parts, used] = [parts + 1, 0];
		used += place;
	}
	return parts;
}
