"""The .ics file, read back by a second library: requirement BO-9."""

import io
import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import example, given
from hypothesis import strategies as st

from lead_inbox.bookings.telling.invitation_rules import Invitation, Standing, make
from lead_inbox.channels.clean import many_lines, one_line

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 12, 2, 10, 0, tzinfo=BERLIN)
ZONES = (
	*("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC", "Europe/Dublin", "Australia/Lord_Howe"),
	*("America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo"),
)
TEXTS = st.text(max_size=400) | st.text(
	st.sampled_from("aä ,;:\\\"'\r\n\t😀ß\u2028\x00\x85=^n"), max_size=400
)


def invitation(**values) -> Invitation:
	usual = {
		"uid": "7a1c@site.example",
		"sequence": 0,
		"standing": Standing.CONFIRMED,
		"made_on": datetime(2026, 11, 25, 18, 0, tzinfo=BERLIN),
		"starts_on": START,
		"ends_on": START + timedelta(hours=1),
		"summary": "Repair",
		"organizer_name": "Company",
		"organizer_address": "inbox@company.example",
		"attendee_name": "Naree",
		"attendee_address": "naree@customer.example",
	}
	return Invitation(**{**usual, **values})


def read(**values):
	return vobject.readOne(make(invitation(**values)).decode())


def test_a_calendar_knows_who_what_and_when():
	calendar = read(place="Main St. 1\nBerlin", description="Bring the key")
	event = calendar.vevent
	assert calendar.prodid.value == "-//Lead Inbox//Bookings//EN"
	assert calendar.version.value == "2.0"
	assert event.summary.value == "Repair"
	assert event.location.value == "Main St. 1, Berlin"
	assert event.description.value == "Bring the key"
	assert (event.dtstart.value, event.dtend.value) == (START, START + timedelta(hours=1))
	assert event.organizer.value == "mailto:inbox@company.example"
	assert event.organizer.params["CN"] == ["Company"]
	assert event.attendee.value == "mailto:naree@customer.example"
	assert event.attendee.params["CN"] == ["Naree"]
	assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
	assert event.attendee.params["RSVP"] == ["FALSE"]


@pytest.mark.parametrize(
	("standing", "method", "status"),
	[
		(Standing.TENTATIVE, "REQUEST", "TENTATIVE"),
		(Standing.CONFIRMED, "REQUEST", "CONFIRMED"),
		(Standing.CANCELLED, "CANCEL", "CANCELLED"),
	],
)
def test_a_cancellation_takes_the_event_out_and_all_else_puts_it_in(standing, method, status):
	calendar = read(standing=standing, sequence=3)
	assert (calendar.method.value, calendar.vevent.status.value) == (method, status)
	assert (calendar.vevent.uid.value, calendar.vevent.sequence.value) == ("7a1c@site.example", "3")


def test_it_was_made_at_a_moment_in_utc_as_the_standard_wants():
	assert "\r\nDTSTAMP:20261125T170000Z\r\n" in make(invitation()).decode()


def test_the_zone_is_named_and_explained_before_the_event():
	lines = make(invitation()).decode().split("\r\n")
	assert "DTSTART;TZID=Europe/Berlin:20261202T100000" in lines
	assert lines.index("BEGIN:VTIMEZONE") < lines.index("TZID:Europe/Berlin") < lines.index("BEGIN:VEVENT")


def test_summer_time_begins_when_the_clocks_go_forward():
	"""RFC 5545: the onset is the time on the clock that changes, 2:00."""
	start = datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)
	text = make(invitation(starts_on=start, ends_on=start + timedelta(hours=1))).decode()
	daylight = text.partition("BEGIN:DAYLIGHT")[2].partition("END:DAYLIGHT")[0]
	assert "20270328T020000" in daylight and "T030000" not in daylight


@given(
	zone=st.sampled_from(ZONES),
	moment=st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1)),
	minutes=st.integers(5, 3000),
)
@example(zone="Europe/Berlin", moment=datetime(2027, 3, 28, 1, 15), minutes=60)
@example(zone="Europe/Berlin", moment=datetime(2027, 3, 28, 0, 59), minutes=60)
@example(zone="America/New_York", moment=datetime(2027, 3, 14, 7, 15), minutes=60)
@example(zone="Europe/Berlin", moment=datetime(2026, 10, 24, 23, 30), minutes=60)
@example(zone="Africa/Casablanca", moment=datetime(2027, 3, 1), minutes=5)  # Ramadan, five weeks
def test_a_second_library_finds_the_same_moments_in_any_zone(zone, moment, minutes):
	"""But for the second pass of an hour that the clocks repeat: a local time can't tell it."""
	starts_on = moment.replace(tzinfo=timezone.utc, microsecond=0).astimezone(ZoneInfo(zone)).replace(fold=0)
	ends_on = (starts_on + timedelta(minutes=minutes)).astimezone(timezone.utc).astimezone(ZoneInfo(zone))
	text = make(invitation(starts_on=starts_on, ends_on=ends_on)).decode()
	event = vobject.readOne(text).vevent
	for found, meant in ((event.dtstart.value, starts_on), (event.dtend.value, ends_on)):
		assert found.replace(tzinfo=None) == meant.replace(tzinfo=None)
		if not is_repeated(meant):
			assert offset_in_file(text, meant) == meant.utcoffset()


def offset_in_file(text: str, moment: datetime) -> timedelta | None:
	"""By the file's own VTIMEZONE; vobject keeps the first one that it has read of a zone."""
	zones = tzical(io.StringIO(text))
	zone = zones.get() if zones.keys() else timezone.utc
	return moment.replace(tzinfo=zone).utcoffset()


def is_repeated(moment: datetime) -> bool:
	return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


@given(summary=TEXTS, place=TEXTS, description=TEXTS)
@example(summary="Ä" * 140, place="😀" * 200, description="a,b;c\\n\nd")
@example(summary="", place="\n", description="\u2028")
def test_texts_come_out_as_they_went_in(summary, place, description):
	event = read(summary=summary, place=place, description=description).vevent
	assert event.summary.value == one_line(summary)
	assert (event.location.value if "location" in event.contents else "") == many_lines(place).replace(
		"\n", ", "
	)
	assert (event.description.value if "description" in event.contents else "") == many_lines(description)


@given(name=TEXTS)
@example(name='"Naree"; the, boss: ä😀')
@example(name='Naree"\r\nATTENDEE:mailto:victim@other.example')
def test_a_name_forges_no_line_and_no_parameter(name):
	text = make(invitation(attendee_name=name, organizer_name=name)).decode()
	event = vobject.readOne(text).vevent
	assert len(event.contents["attendee"]) == len(event.contents["organizer"]) == 1
	assert event.attendee.value == "mailto:naree@customer.example"
	assert event.attendee.params["ROLE"] == ["REQ-PARTICIPANT"]
	expected = one_line(name.replace('"', "'").replace("^", " "))
	assert "".join(event.attendee.params.get("CN", [])) == expected


@given(text=TEXTS)
@example(text="ß" * 400)
@example(text="😀" * 100)
def test_no_line_is_longer_than_75_bytes_and_no_character_is_torn(text):
	raw = make(invitation(description=text, attendee_name=text))
	for line in raw.split(b"\r\n"):
		assert len(line) <= 75
		assert not re.search(rb"[\r\n]", line)
		line.decode()
