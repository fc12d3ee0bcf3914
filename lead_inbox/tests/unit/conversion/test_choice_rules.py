"""What a page may ask of a conversion."""

import pytest

from lead_inbox.conversion.rules import Choice, Mode, Pick, parse_choice


def test_what_is_left_out_is_the_default():
	assert parse_choice(None) == parse_choice({}) == Choice()
	assert Choice().contact == Pick(Mode.OWN)


def test_a_whole_choice():
	assert parse_choice(
		{
			"customer": {"mode": "existing", "name": "CUST-1"},
			"contact": {"mode": "own"},
			"opportunity": {"mode": "none"},
			"quotation": "1",
			"owner": "jun@company.example",
			"qualification": "Qualified",
		}
	) == Choice(
		customer=Pick(Mode.EXISTING, "CUST-1"),
		contact=Pick(Mode.OWN),
		opportunity=Pick(Mode.NONE),
		quotation=True,
		owner="jun@company.example",
		qualification="Qualified",
	)


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"adress": {"mode": "new"}}, "Unknown in a choice: adress"),
		({"customer": "CUST-1"}, "customer must be an object with a mode"),
		({"customer": {"mode": "none"}}, "customer can't be none"),
		({"contact": {"mode": "new"}}, "contact can't be new"),
		({"customer": {"mode": "existing"}}, "customer must name a record"),
		({"customer": {"mode": "new", "name": "CUST-1"}}, "customer must name a record"),
		({"customer": {"mode": "borrowed"}}, "borrowed"),
	],
)
def test_anything_else_is_refused(values, words):
	with pytest.raises(ValueError, match=words):
		parse_choice(values)
