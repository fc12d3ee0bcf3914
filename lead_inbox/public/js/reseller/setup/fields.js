// What each step asks for, in its order. Labels, lengths and choices are those of the doctype.

const KIND = [
	{ field: "product_family", required: true },
	{ field: "customer_type", required: true },
	{ field: "is_educational" },
	{
		field: "public_identifier",
		required: true,
		shown: ({ customer }) => Boolean(customer.family?.asks_identifier),
	},
];
const CUSTOMER = [
	{ field: "organization_name", required: true, is_wide: true },
	{
		field: "domain",
		required: true,
		shown: is_domain,
		hint: () => __("As in acme.example. You may paste the address of the site."),
	},
	{
		field: "primary_email",
		required: true,
		input_type: "email",
		hint: (setup) =>
			is_domain(setup)
				? __("The administrator signs in with it: an address of the domain.")
				: __("The team is verified by it."),
	},
	{
		field: "cloud_identity_id",
		hint: () => __("The vendor's own. It tells several accounts of one name apart."),
	},
	{ field: "crm_id", hint: () => __("Sent to the vendor, so that it is found there by it.") },
];
const CONTACT = [
	{ field: "first_name" },
	{ field: "last_name" },
	{
		field: "alternate_email",
		input_type: "email",
		required: is_domain,
		hint: (setup) =>
			is_domain(setup)
				? __("Not of the customer's own domain: it is used while mail does not arrive there.")
				: "",
	},
	{ field: "phone", input_type: "tel", hint: () => __("With country code, as +30 2821 055555.") },
	{ field: "address_line1", is_wide: true },
	{ field: "address_line2", is_wide: true },
	{ field: "postal_code" },
	{ field: "city" },
	{ field: "state" },
	{ field: "country", required: true },
];
const BY_STEP = { Kind: KIND, Customer: CUSTOMER, Contact: CONTACT };

function is_domain(setup) {
	return setup.value("customer_type") !== "Team";
}

/** @returns the fields of a step that are asked now: {field, required, is_wide, input_type, hint} */
export function fields_of(step, setup) {
	return (BY_STEP[step] || [])
		.filter(({ shown }) => !shown || shown(setup))
		.map(({ required, hint, ...rest }) => ({
			...rest,
			required: typeof required === "function" ? required(setup) : Boolean(required),
			hint: hint ? hint(setup) : "",
		}));
}
